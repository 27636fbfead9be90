"""One bad row stays one bad row: those that a service names are set aside, the others sent again.

A service refuses a request whole, and says in `where` which of its rows are at fault, counted
within the request. Here they get the numbers that they have in the caller's table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from scoring_client.errors import ScoringError

#: How often the rest of one request is sent again. A service lists ten faults or so at a time: a
#: request with more bad rows than that allows for is given up, rather than sent a hundred times.
MAX_ROUNDS = 20

#: A row's place in a request, in every shape of it.
ROW = re.compile(r"\b(data|image)\[(\d+)\]")

#: What became of a chunk: for each row its result or why it has none; or why no row has one.
Outcome = list[Any] | ScoringError

Send = Callable[[list[Any]], list[Any]]


def by_row(
    send: Send, check: Callable[[Any], object], rows: range, values: Sequence[Any]
) -> Outcome:
    """Return what became of each row of a chunk.

    Args:
        send: sends some of the values and returns as many results; raises `ScoringError` when it
            gets none, `OSError`, `TypeError` or `ValueError` when a value cannot be sent.
        check: raises one of those three when a single value cannot be sent.
        rows: the numbers of the rows in the caller's table.
        values: the rows; one that is a `ScoringError` is not sent, and is its own outcome.
    """
    outcome = list(values)
    left = [i for i, value in enumerate(values) if not isinstance(value, ScoringError)]
    for round_ in range(MAX_ROUNDS):
        if values and not left:
            return outcome
        try:
            for i, result in zip(left, send([values[i] for i in left]), strict=True):
                outcome[i] = result
            return outcome
        except ScoringError as error:
            named = [] if error.concerns_every_request else _named(error, left)
            refusal = _renumbered(error, left, rows)
            refusals = {i: _of_row(refusal, i, rows) for i in named}
            if _every_row(error, named, left):
                refusals = {}
        except (OSError, TypeError, ValueError) as error:
            refusal = ScoringError(str(error))
            refusals = _unsendable(check, values, left, rows)
        if not refusals or (len(refusals) == len(values) and round_ == 0):
            break
        for i, reason in refusals.items():
            outcome[i] = reason
        left = [i for i in left if i not in refusals]
    refusal.rows = rows
    # Nothing of a chunk that shall be sent again may count as done.
    if refusal.retryable or refusal.concerns_every_request or len(left) == len(values):
        return refusal
    for i in left:
        outcome[i] = refusal
    return outcome


def _named(error: ScoringError, left: Sequence[int]) -> list[int]:
    """Return which of the rows that were sent an error names, in order."""
    places = (ROW.search(str(fault.get("where", ""))) for fault in error.errors)
    found = {int(place.group(2)) for place in places if place is not None}
    return [left[i] for i in sorted(found) if i < len(left)]


def _every_row(error: ScoringError, named: Sequence[int], left: Sequence[int]) -> bool:
    """Tell whether most likely each row is at fault alike, as with a misspelt column.

    The service lists the first faults only: here those of the first rows, none left out, and at
    that rate it counts enough for all rows. Naming them ten at a time would ask it for nothing.
    """
    listed = len(error.errors)
    if not named or error.error_count <= listed:
        return False
    rate = listed / len(named)
    return list(named) == list(left[: len(named)]) and error.error_count >= rate * len(left)


def _renumbered(error: ScoringError, left: Sequence[int], rows: range) -> ScoringError:
    """Return an error with the rows' numbers in the caller's table."""

    def number(place: re.Match[str]) -> str:
        i = int(place.group(2))
        return f"{place.group(1)}[{rows[left[i]]}]" if i < len(left) else place.group()

    for fault in error.errors:
        if "where" in fault:
            fault["where"] = ROW.sub(number, fault["where"], count=1)
    error.message = ROW.sub(number, error.message)
    return error


def _of_row(error: ScoringError, i: int, rows: range) -> ScoringError:
    """Return what an error says of one row."""
    faults = []
    for fault in error.errors:
        place = ROW.search(fault.get("where", ""))
        if place is not None and int(place.group(2)) == rows[i]:
            faults.append(fault)
    whole = all({"where", "expected", "found"} <= fault.keys() for fault in faults)
    said = "; ".join(
        f"{fault['where']}: expected {fault['expected']}, found {fault['found']}"
        for fault in faults
        if whole
    )
    return _at(
        ScoringError(
            said or error.message,
            status=error.status,
            request_id=error.request_id,
            errors=faults,
            model_status=error.model_status,
        ),
        rows[i],
    )


def _unsendable(
    check: Callable[[Any], object], values: Sequence[Any], left: Sequence[int], rows: range
) -> dict[int, ScoringError]:
    """Return the rows that cannot be sent, and why."""
    found = {i: _reason(check, values[i]) for i in left}
    return {i: _at(reason, rows[i]) for i, reason in found.items() if reason is not None}


def _reason(check: Callable[[Any], object], value: Any) -> ScoringError | None:
    try:
        check(value)
    except (OSError, TypeError, ValueError) as error:
        return ScoringError(str(error))
    return None


def _at(error: ScoringError, row: int) -> ScoringError:
    error.rows = range(row, row + 1)
    return error
