"""Policy: people bringing people."""

from api.who import Who

POLICY: dict[str, dict[Who, str]] = {}
