"""What Azure remembers between two requests."""

from __future__ import annotations

import secrets
import shlex
import subprocess
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy.servers.azmlinfsrv import Server

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
class Job:
    """A training job, whose program really runs.

    Attributes:
        number: its id.
        folder: where its files lie, its log and its exit code beside them.
        definition: what was sent for it.
    """

    number: str
    experiment: str
    folder: Path
    definition: dict[str, Any]
    command: str = ""
    environ: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    properties: dict[str, str] = field(default_factory=dict)
    metrics: dict[str, float] = field(default_factory=dict)
    asked: bool = False
    process: subprocess.Popen[bytes] | None = None

    def script(self, folder: Path | None = None) -> str:
        """Return what a shell has to do, in a folder or where the SDK starts it."""
        into = f"cd {shlex.quote(str(folder))}; " if folder else ""
        log, code = (shlex.quote(f"{self.folder}.{kind}") for kind in ("log", "code"))
        return f"{into}{self.command} > {log} 2>&1; echo $? > {code}.part; mv {code}.part {code}"

    def log(self) -> bytes:
        """Return what the program has printed so far."""
        path = Path(f"{self.folder}.log")
        return path.read_bytes() if path.is_file() else b""

    @property
    def status(self) -> str:
        """Running, Completed or Failed."""
        code = Path(f"{self.folder}.code")
        if not code.is_file():
            return "Running"
        return "Completed" if code.read_text().strip() == "0" else "Failed"


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
    environ: Callable[[], dict[str, str]] = dict
    jobs: dict[str, Job] = field(default_factory=dict)
    snapshots: dict[str, dict[str, str]] = field(default_factory=dict)
    codes: dict[str, dict[str, Any]] = field(default_factory=dict)
    environments: dict[str, dict[str, Any]] = field(default_factory=dict)

    def new_job(self, number: str, experiment: str, definition: dict[str, Any]) -> Job:
        """Remember a job; whoever asked for it starts it."""
        folder = self.folder.parent / "jobs" / number
        self.jobs[number] = Job(number, experiment, folder, definition)
        return self.jobs[number]

    def operation(self, **content: Any) -> str:
        """Remember a long operation and return its id."""
        number = str(uuid.uuid4())
        self.operations[number] = {"id": number, "error": None, **content}
        return number
