"""A company to look around in: generated data. Nobody in it exists, and nobody said any of it."""
