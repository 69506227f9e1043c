"""What people are told, in the app and outside it."""
