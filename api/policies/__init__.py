"""Who may see and do what, by package: types with their fields, each listed once."""
