"""Who somebody is: passwords, codes, sessions, grants."""
