"""A deployment configuration: how the target is to be set up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.config import rules as kinds
from deploy.config.reader import Document, Faults, read_yaml, validate
from deploy.config.vocabulary import Schema
from deploy.findings import Finding


@dataclass(frozen=True)
class Deployment:
    """A deployment configuration that was read and found usable.

    Attributes:
        path: the file; None where a target needs none.
        values: its keys, as written.
    """

    path: Path | None
    values: dict[str, Any]


#: Finds what contradicts itself in a document that the schema accepts; gets the document, what
#: to call the file, and the folder where its paths start.
Rules = Callable[[dict[str, Any], str, Path], list[Finding]]


def load_deployment(path: Path, schema: Schema, rules: Rules) -> tuple[Deployment, list[Finding]]:
    """Return a target's deployment configuration, and warnings about it.

    Args:
        path: the file.
        schema: the keys that the target knows.
        rules: what no schema says.

    Raises:
        Faults: naming every key that is unknown, of the wrong type or contradictory.
    """
    where = str(path)
    document = read_yaml(path, where)
    found = validate(document, schema, where)
    found += found or rules(document, where, path.parent)
    if found:
        raise Faults(*found)
    return Deployment(path, document), _exposed_keys(document, where)


def _exposed_keys(document: Document, where: str) -> list[Finding]:
    if not document.get("keys"):
        return []
    fix = "Remove it: Azure makes keys, and `keys` shows them."
    at = document.place(where, "keys")
    return [kinds.SECRET.at(at, "An authentication key stands in this file.", fix)]


def all_or_none(document: dict[str, Any], keys: tuple[str, ...], where: str) -> list[Finding]:
    """Return a fault where some of `keys` are given and others are not."""
    missing = [key for key in keys if not document.get(key)]
    if not missing or len(missing) == len(keys):
        return []
    given = ", ".join(key for key in keys if key not in missing)
    problem = f"{given} without {', '.join(missing)}."
    return [kinds.CONTRADICTION.at(where, problem, "Give all of them, or none.")]
