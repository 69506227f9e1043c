"""Challenges: contests that people join, of persons or of teams."""
