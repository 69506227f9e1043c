"""What is composed of all packages."""

#: The modules that hold models.
MODELS: list[str] = [
    "core.events",
    "core.idempotency",
    "core.people",
]
