"""The load: requests made by another process than the one that measures."""
