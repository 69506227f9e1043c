"""Words by which things are found."""
