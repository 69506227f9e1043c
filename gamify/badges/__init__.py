"""What colleagues confirmed often enough, or somebody wished to honour, shown beside a name."""
