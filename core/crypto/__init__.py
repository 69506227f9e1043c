"""Keys, and what they close and sign."""
