"""What became of each chunk, and the answer that all of them make together.

A chunk that fails has an error in the place of its results, so that the others finish; only
when all is done is it raised, with what they gave.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing
from itertools import takewhile
from typing import Any

from scoring_client.chunks import in_order
from scoring_client.errors import Failure, IncompleteScores, ScoringError
from scoring_client.faults import Outcome, by_row
from scoring_client.progress import progress_bar

#: Where the doors put their results: the tabular ones, and the classic one.
RESULT_KEYS = ("Results", "result")

#: Numbers of rows, and these rows.
Chunk = tuple[range, Sequence[Any]]

Outcomes = Generator[tuple[Chunk, Outcome], None, None]


def outcomes_of(
    send: Callable[[Chunk], Any],
    check: Callable[[Any], object],
    chunks: Iterable[Chunk],
    concurrency: int,
    interrupted: threading.Event,
) -> Outcomes:
    """Yield each chunk with its outcome, in order; stop sending when sending is of no use.

    Args:
        send: sends rows and returns the answer; raises `ScoringError` when there is none,
            `OSError`, `TypeError` or `ValueError` when there is nothing that can be sent.
        check: raises one of those three when a row by itself cannot be sent.
        chunks: read as there is room.
        concurrency: how many are on their way at once.
        interrupted: as for `in_order`.
    """

    def outcome(chunk: Chunk) -> Outcome:
        rows, values = chunk
        return by_row(lambda part: results_in(send((rows, part)), len(part)), check, rows, values)

    useless = threading.Event()
    failed_in_a_row = 0
    sent = takewhile(lambda _: not useless.is_set(), chunks)
    with closing(in_order(outcome, sent, concurrency, interrupted)) as found:
        for chunk, result in found:
            if isinstance(result, ScoringError):
                failed_in_a_row = failed_in_a_row + 1 if result.retryable else 0
                if result.concerns_every_request or failed_in_a_row > concurrency:
                    useless.set()
            else:
                failed_in_a_row = 0
            yield chunk, result


def collect(
    outcomes: Outcomes,
    total: int,
    answer: Callable[[list[Any]], Any],
    progress: bool | None,
) -> Any:
    """Return the answer made of all results.

    Args:
        outcomes: of every chunk, in order; the last ones may be missing.
        total: how many rows there are.
        answer: makes the results, one per row, what the caller shall get.
        progress: as for `progress_bar`.

    Raises:
        ScoringError: the only chunk has no results.
        IncompleteScores: some of several have none; it holds the others' results.
    """
    results: list[Any] = []
    failures: list[Failure] = []
    with closing(outcomes), progress_bar(total, progress) as advance:
        for (rows, _), outcome in outcomes:
            failures += failures_in(rows, outcome)
            each = [None] * len(rows) if isinstance(outcome, ScoringError) else outcome
            results += [None if isinstance(result, ScoringError) else result for result in each]
            advance(len(rows))
    if not failures:
        return answer(results)
    if failures[0].error is not None and len(failures[0].rows) == total:
        raise failures[0].error
    if len(results) < total:
        failures.append(Failure(range(len(results), total), None))
        results += [None] * (total - len(results))
    raise IncompleteScores(failures, answer(results), total)


def failures_in(rows: range, outcome: Outcome) -> list[Failure]:
    """Return the rows without a result; those that follow each other with one reason as one."""
    if isinstance(outcome, ScoringError):
        return [Failure(rows, outcome)]
    failures: list[Failure] = []
    for row, result in zip(rows, outcome, strict=True):
        if not isinstance(result, ScoringError):
            continue
        last = failures[-1] if failures else None
        if last is not None and last.error is result and last.rows.stop == row:
            failures[-1] = Failure(range(last.rows.start, row + 1), result)
        else:
            failures.append(Failure(range(row, row + 1), result))
    return failures


def results_in(answer: Any, expected: int) -> list[Any]:
    """Return the list of results in an answer.

    Raises:
        ScoringError: there is none, or it has not one result per row.
    """
    if isinstance(answer, dict):
        answer = next((answer[key] for key in RESULT_KEYS if key in answer), None)
    if not isinstance(answer, list):
        raise ScoringError(f"the answer has no list under {' or '.join(RESULT_KEYS)}")
    if len(answer) != expected:
        raise ScoringError(f"the answer has {len(answer)} results for {expected} rows")
    return answer
