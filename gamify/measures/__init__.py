"""Measures: figures of people's work, as other systems know them."""
