"""A finding: one thing that `check` has to say, with the file it is about and the fix."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum


class Level(str, Enum):
    """How much a finding weighs.

    A fault is what will certainly fail on the target, and stops `up`; a warning may well be a
    fault; a notice is for information.
    """

    FAULT = "fault"
    WARNING = "warning"
    NOTICE = "notice"


#: The id of what a target's own rules find.
TARGET_RULE = "target.rule"


@dataclass(frozen=True)
class Finding:
    """One thing found.

    Attributes:
        level: how much it weighs.
        where: the file, with line or key where there is one: `score/score.py:12`,
            `deploy/aci.yml: containerResourceRequirements.cpu`.
        problem: what was found.
        fix: what to do about it.
        id: the stable name of its kind, by which it is waived; docs/checks.md lists them.
        waived: why the operator waived it; empty when nobody did.
    """

    level: Level
    where: str
    problem: str
    fix: str
    id: str = TARGET_RULE
    waived: str = ""

    def __str__(self) -> str:
        """Return the finding as one line."""
        waived = f" Waived: {self.waived}." if self.waived else ""
        return f"{self.where}: {self.problem} {self.fix} [{self.id}]{waived}"


@dataclass(frozen=True)
class Rule:
    """A kind of finding: `docs/checks.md` is made from these.

    Attributes:
        id: stable; scripts and waivers name it.
        level: how much a finding of this kind weighs.
        means: what it says and why it matters, in one sentence.
        example: what brings it about.
        fix: what to do about it.
    """

    id: str
    level: Level
    means: str
    example: str
    fix: str

    def at(self, where: object, problem: str, fix: str = "", level: Level | None = None) -> Finding:
        """Return a finding of this kind.

        Args:
            where: the file, with line or key.
            problem: what was found there.
            fix: what to do there; the kind's own when empty.
            level: another weight than the kind's own.
        """
        return Finding(level or self.level, str(where), problem, fix or self.fix, self.id)


def fault(where: object, problem: str, fix: str, id: str = TARGET_RULE) -> Finding:
    """Return a finding that stops a deployment."""
    return Finding(Level.FAULT, str(where), problem, fix, id)


def warning(where: object, problem: str, fix: str, id: str = TARGET_RULE) -> Finding:
    """Return a finding that may well be a fault."""
    return Finding(Level.WARNING, str(where), problem, fix, id)


def notice(where: object, problem: str, fix: str, id: str = TARGET_RULE) -> Finding:
    """Return a finding for information."""
    return Finding(Level.NOTICE, str(where), problem, fix, id)


#: How alike two words must be, as difflib counts it, for one to be a slip of the other. Lower,
#: and `sslEnabled` is taken for `authEnabled`, which means something else.
ALIKE = 0.75


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word most like `word`, letter case aside; empty when none is near."""
    by_lower = {name.lower(): name for name in known}
    close = difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=ALIKE)
    return by_lower[close[0]] if close else ""
