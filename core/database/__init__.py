"""The database: its engines, its migrations, statements and backups."""
