"""Boards: who did how much in a day, a week or a month."""
