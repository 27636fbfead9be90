"""Collecting what is wrong with an input, and saying it briefly.

An answer repeats little of what a client sent: values are shortened and long strings never
echoed whole, as answers end up in other people's logs.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Collection
from typing import Any

from scoring.errors import LISTED_PROBLEMS, InvalidInput, Problem

#: How many characters of a client's value an answer repeats.
SHOWN_CHARACTERS = 40

#: Keys that need no quotes in a path.
PLAIN_KEY = re.compile(rf"[^\W\d]\w{{0,{SHOWN_CHARACTERS - 1}}}", re.ASCII)


class Problems:
    """The problems found so far: the first few in words, the others only counted.

    Args:
        where: path of the value that is checked; empty for the whole body.
    """

    def __init__(self, where: str) -> None:
        self.where = where
        self.total = 0
        self._listed: list[Problem] = []
        self._parts: set[str] = set()

    @property
    def full(self) -> bool:
        """Tell whether further problems are only counted."""
        return len(self._listed) >= LISTED_PROBLEMS

    def add(self, part: str, where: str, expected: str, found: str) -> None:
        """Add one problem.

        Args:
            part: path of the table, array or object that the value belongs to.
            where: path of the value.
            expected: what the sample calls for.
            found: what arrived, as `describe` says it.
        """
        self.total += 1
        self._parts.add(part)
        if not self.full:
            self._listed.append(Problem(where or "the body", expected, found))

    def count(self, part: str, problems: int) -> None:
        """Add problems that nobody will read, when `full`."""
        self.total += problems
        self._parts.add(part)

    def raise_any(self) -> None:
        """Raise what was found, if anything.

        Raises:
            InvalidInput: naming the one part that all problems are in, or the whole.
        """
        if self.total:
            where = self._parts.pop() if len(self._parts) == 1 else self.where
            raise InvalidInput(where or "the body", self._listed, self.total)


def describe(value: Any) -> str:
    """Return what kind of JSON value this is, and the value itself where it is short."""
    if value is None:
        return "null"
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return f"an array of {len(value)}"
    if isinstance(value, str):
        return f"string {shorten(value)}"
    text = json.dumps(value)
    if len(text) > SHOWN_CHARACTERS:
        text = f"{text[:SHOWN_CHARACTERS]}..."
    return f"boolean {text}" if isinstance(value, bool) else f"number {text}"


def shorten(text: str) -> str:
    """Return `text` as a JSON string, cut after the first few characters."""
    # Cut before it is encoded: the text may be megabytes long.
    shown = json.dumps(text[:SHOWN_CHARACTERS])
    return f"{shown[:-1]}..." + '"' if len(text) > SHOWN_CHARACTERS else shown


def key_path(where: str, key: str) -> str:
    """Return the path of a key: `Inputs.data`, or `Inputs["odd key"]`."""
    if PLAIN_KEY.fullmatch(key):
        return f"{where}.{key}" if where else key
    return f"{where}[{shorten(key)}]"


def check_keys(
    row: dict[str, Any],
    required: Collection[str],
    known: dict[str, str],
    part: str,
    where: str,
    problems: Problems,
) -> None:
    """Add a problem for each required key that is missing and each that is not known.

    Args:
        row: the object that arrived.
        required: keys that must be there.
        known: all keys that may be there, each with what its value is expected to be.
        part: as in `Problems.add`.
        where: path of `row`.
        problems: added to.
    """
    missing = [key for key in required if key not in row]
    unknown = [key for key in row if key not in known]
    if problems.full:
        if missing or unknown:
            problems.count(part, len(missing) + len(unknown))
        return
    for key in missing:
        near = nearest(key, unknown)
        found = f"nothing, but there is {shorten(near)}" if near else "nothing"
        problems.add(part, key_path(where, key), known[key], found)
    for key in unknown:
        near = nearest(key, [name for name in known if name not in row])
        expected = f"no such key; did you mean {shorten(near)}?" if near else "no such key"
        problems.add(part, key_path(where, key), expected, describe(row[key]))


def nearest(key: str, candidates: list[str]) -> str | None:
    """Return the candidate that `key` may be a misspelling of; None if none is near.

    Case counts little.
    """
    # Comparing is quadratic in the length, and a client's key can be megabytes long.
    folded = {name.lower(): name for name in candidates if len(name) <= 4 * SHOWN_CHARACTERS}
    close = difflib.get_close_matches(key[: 4 * SHOWN_CHARACTERS].lower(), folded, n=1)
    return folded[close[0]] if close else None
