"""Badges, as their holders, their givers and HR see them."""
