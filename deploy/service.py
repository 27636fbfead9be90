"""A deployed service, and how a step is told to the operator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

#: Tells the operator which step has begun.
Say = Callable[[str], None]


@dataclass(frozen=True)
class Service:
    """A deployed service.

    Attributes:
        name: its name.
        target: where it runs.
        state: in the target's own words; `healthy` tells whether it answers.
        healthy: whether it is up.
        scoring_uri: the address that scores; empty while there is none.
        auth: "none", "key" or "token".
        details: what else the target tells.
    """

    name: str
    target: str
    state: str
    healthy: bool
    scoring_uri: str = ""
    auth: str = "none"
    details: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        return asdict(self)
