"""What a service of ours is known by in Azure: tags that tell who deployed what, and from where."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

#: The tag that says a service is ours, and its value.
MADE_BY, OURS = "deployed-with", "python -m deploy"
PROJECT, COMMIT, MANIFEST, SETTINGS = "project", "commit", "manifest", "settings-at-creation"


@dataclass(frozen=True)
class Repository:
    """Where the code comes from.

    Attributes:
        project: the last part of the git remote's address, or the folder's name without one.
        commit: the commit; empty outside of git.
        remote: the remote's address without user, password and token; empty without one.
    """

    project: str
    commit: str
    remote: str


def repository(folder: Path) -> Repository:
    """Return where the code in a folder comes from."""
    address = _git(folder, "config", "--get", "remote.origin.url")
    parts = urlsplit(address)
    if parts.hostname and parts.scheme:
        port = f":{parts.port}" if parts.port else ""
        address = f"{parts.scheme}://{parts.hostname}{port}{parts.path}"
    name = address.rstrip("/").removesuffix(".git").replace(":", "/").rpartition("/")[2]
    commit = _git(folder, "rev-parse", "HEAD")
    return Repository(name or folder.resolve().name, commit, address)


def digest(value: Any) -> str:
    """Return a digest of a JSON value, whatever the order of its keys."""
    text = json.dumps(value, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def foreign(tags: Mapping[str, str] | None, here: Repository) -> str:
    """Return whose a service is, when it is not this project's; empty when it is."""
    tags = tags or {}
    if tags.get(MADE_BY) != OURS:
        return "It was not made by this command"
    if tags.get(PROJECT) != here.project:
        return f"It belongs to the project {tags.get(PROJECT)}, and this one is {here.project}"
    return ""


def settings_digests(settings: Mapping[str, Any]) -> str:
    """Return settings as a tag keeps them: names, and digests in place of values."""
    given = {key: value for key, value in settings.items() if value is not None}
    return ";".join(f"{key}={digest(value)[:12]}" for key, value in sorted(given.items()))


def changed(kept: str, settings: Mapping[str, Any]) -> list[str]:
    """Return the names of settings that are not as a tag keeps them."""
    before = set(kept.split(";")) if kept else set()
    now = set(settings_digests(settings).split(";")) - {""}
    return sorted({item.partition("=")[0] for item in before ^ now})


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
