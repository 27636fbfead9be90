"""A finding: one thing that `check` has to say, with the file it is about and the fix."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum


class Level(str, Enum):
    """How much a finding weighs.

    A fault stops `up`; a warning may well be a fault; a notice is for information.
    """

    FAULT = "fault"
    WARNING = "warning"
    NOTICE = "notice"


@dataclass(frozen=True)
class Finding:
    """One thing found.

    Attributes:
        level: how much it weighs.
        where: the file, with line or key where there is one: `score/score.py:12`,
            `deploy/aci.yml: containerResourceRequirements.cpu`.
        problem: what was found.
        fix: what to do about it.
    """

    level: Level
    where: str
    problem: str
    fix: str

    def __str__(self) -> str:
        """Return the finding as one line."""
        return f"{self.where}: {self.problem} {self.fix}"


def fault(where: object, problem: str, fix: str) -> Finding:
    """Return a finding that stops a deployment."""
    return Finding(Level.FAULT, str(where), problem, fix)


def warning(where: object, problem: str, fix: str) -> Finding:
    """Return a finding that may well be a fault."""
    return Finding(Level.WARNING, str(where), problem, fix)


def notice(where: object, problem: str, fix: str) -> Finding:
    """Return a finding for information."""
    return Finding(Level.NOTICE, str(where), problem, fix)


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word most like `word`, letter case aside; empty when none is near."""
    by_lower = {name.lower(): name for name in known}
    close = difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[close[0]] if close else ""
