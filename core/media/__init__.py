"""Pictures: taken in, cleaned, kept and shown."""
