"""What Azure remembers between two requests."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy.server import Server

SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
GROUP = "group"
WORKSPACE = "workspace"
REGION = "westeurope"
WORKSPACE_PATH = (
    f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}"
    f"/providers/Microsoft.MachineLearningServices/workspaces/{WORKSPACE}"
)
NOW = "2026-01-01T00:00:00.0000000Z"


@dataclass
class Webservice:
    """A web service: what was sent for it, and the real service that answers for it."""

    payload: dict[str, Any]
    state: str = "Transitioning"
    error: dict[str, Any] | None = None
    server: Server | None = None
    log: str = ""
    keys: dict[str, str] = field(
        default_factory=lambda: {
            "primaryKey": secrets.token_hex(16),
            "secondaryKey": secrets.token_hex(16),
        }
    )
    token: str = field(default_factory=lambda: secrets.token_hex(16))


@dataclass
class State:
    """Everything, for one workspace.

    Attributes:
        folder: where deployed services are unpacked.
        blobs: uploaded content by `origin/container/path`.
        assets: prefixes of blobs by asset id.
        models: registered models by `name:version`.
        services: web services by name.
        operations: long operations by id; `state` is what the SDK polls for.
        hold: operations stay Running until this is False.
    """

    folder: Path
    blobs: dict[str, bytes] = field(default_factory=dict)
    assets: dict[str, str] = field(default_factory=dict)
    models: dict[str, dict[str, Any]] = field(default_factory=dict)
    services: dict[str, Webservice] = field(default_factory=dict)
    operations: dict[str, dict[str, Any]] = field(default_factory=dict)
    hold: bool = False

    def operation(self, **content: Any) -> str:
        """Remember a long operation and return its id."""
        number = str(uuid.uuid4())
        self.operations[number] = {"id": number, "error": None, **content}
        return number
