"""What HR's files say of employees."""
