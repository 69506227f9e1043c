"""The board of the week, in companies of 100,000 and of a million."""
