"""Tables as people send them: encodings, columns, cells."""
