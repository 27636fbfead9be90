"""Collecting what is wrong with an input, and saying it briefly.

An answer repeats little of what a client sent: values are shortened and long strings never
echoed whole, as answers end up in other people's logs.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from scoring.errors import LISTED_PROBLEMS, InvalidInput, Problem

#: How many characters of a client's value an answer repeats.
SHOWN_CHARACTERS = 40

#: Two names are compared in a time that grows with the product of their lengths, and a client's
#: may be megabytes long, or hundreds of thousands: of both only so much is looked at.
COMPARED_CHARACTERS = 64
COMPARED_NAMES = 50

#: Keys that need no quotes in a path, in the letters of any language.
PLAIN_KEY = re.compile(rf"[^\W\d]\w{{0,{SHOWN_CHARACTERS - 1}}}")

#: Makes of a cause where a problem is, what was expected and what was found.
Say = Callable[[str], tuple[str, str, str]]


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
        if not self.full:
            self._listed.append(Problem(where or "the body", expected, found))
        self.count(part)

    def count(self, part: str, problems: int = 1) -> None:
        """Add problems that nobody will read, when `full`."""
        self.total += problems
        self._parts.add(part)

    def add_each(self, part: str, causes: Sequence[str], say: Say) -> None:
        """Add one problem for each cause; those that nobody will read are only counted.

        Args:
            part: as in `add`.
            causes: what is wrong, such as keys.
            say: what to add for a cause.
        """
        room = LISTED_PROBLEMS - len(self._listed)
        for cause in causes[:room]:
            self.add(part, *say(cause))
        if len(causes) > room:
            self.count(part, len(causes) - room)

    def noting(self, note: str) -> Problems:
        """Return what adds to these problems, with a note behind what was expected."""
        return _Noting(self, note)

    def raise_any(self) -> None:
        """Raise what was found, if anything.

        Raises:
            InvalidInput: naming the one part that all problems are in, or the whole.
        """
        if self.total:
            where = self._parts.pop() if len(self._parts) == 1 else self.where
            raise InvalidInput(where or "the body", self._listed, self.total)


class _Noting(Problems):
    """See `Problems.noting`."""

    def __init__(self, problems: Problems, note: str) -> None:
        super().__init__(problems.where)
        self._problems = problems
        self._note = note

    def add(self, part: str, where: str, expected: str, found: str) -> None:
        self._problems.add(part, where, f"{expected} ({self._note})", found)

    @property
    def full(self) -> bool:
        return self._problems.full

    def count(self, part: str, problems: int = 1) -> None:
        self._problems.count(part, problems)

    def add_each(self, part: str, causes: Sequence[str], say: Say) -> None:
        def noted(cause: str) -> tuple[str, str, str]:
            where, expected, found = say(cause)
            return where, f"{expected} ({self._note})", found

        self._problems.add_each(part, causes, noted)


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
    """Return `text` as a JSON string, cut after the first few characters.

    Letters of all languages stay readable; what does not print is escaped: control characters,
    marks that turn the direction of writing, halves of surrogate pairs.
    """
    # Cut before it is encoded: the text may be megabytes long.
    shown = "".join(
        each if each.isprintable() else json.dumps(each)[1:-1]
        for each in json.dumps(text[:SHOWN_CHARACTERS], ensure_ascii=False)
    )
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
    absent = [name for name in known if name not in row]
    problems.add_each(
        part, missing, lambda key: (key_path(where, key), known[key], instead_of(key, unknown))
    )
    problems.add_each(
        part,
        unknown,
        lambda key: (
            key_path(where, key),
            not_of_this_name("key", key, absent),
            describe(row[key]),
        ),
    )


def instead_of(name: str, unknown: Sequence[str]) -> str:
    """Return what was found in place of a name that is missing."""
    near = nearest(name, unknown[:COMPARED_NAMES])
    return f"nothing, but there is {shorten(near)}" if near else "nothing"


def not_of_this_name(noun: str, name: str, absent: Sequence[str]) -> str:
    """Return what was expected in place of an unknown name: none, or one that is absent."""
    near = nearest(name, absent[:COMPARED_NAMES])
    return f"no {noun} of this name" + (f" (did you mean {shorten(near)}?)" if near else "")


def nearest(key: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate that `key` may be a misspelling of; None if none is near.

    Case counts little.
    """
    folded = {name.lower(): name for name in candidates if len(name) <= COMPARED_CHARACTERS}
    close = difflib.get_close_matches(key[:COMPARED_CHARACTERS].lower(), folded, n=1)
    return folded[close[0]] if close else None
