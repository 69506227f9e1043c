"""Pictures drawn here: shapes, words in all our languages, and QR codes."""
