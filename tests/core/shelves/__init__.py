"""Models of a little library, at several moments of its life."""
