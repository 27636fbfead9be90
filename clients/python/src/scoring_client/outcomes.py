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
from scoring_client.progress import progress_bar

#: Where the doors put their results: the tabular ones, and the classic one.
RESULT_KEYS = ("Results", "result")

#: Numbers of rows, and these rows.
Chunk = tuple[range, Sequence[Any]]

#: The results of a chunk, or why there are none.
Outcome = list[Any] | ScoringError

Outcomes = Generator[tuple[Chunk, Outcome], None, None]


def outcomes_of(
    post: Callable[[Chunk], Any],
    chunks: Iterable[Chunk],
    concurrency: int,
    interrupted: threading.Event,
) -> Outcomes:
    """Yield each chunk with its outcome, in order; stop sending when sending is of no use.

    Args:
        post: sends a chunk and returns the answer; raises `ScoringError` when there is none,
            `OSError`, `TypeError` or `ValueError` when there is nothing that can be sent.
        chunks: read as there is room.
        concurrency: how many are on their way at once.
        interrupted: as for `in_order`.
    """

    def outcome(chunk: Chunk) -> Outcome:
        rows, _ = chunk
        try:
            return results_in(post(chunk), len(rows))
        except ScoringError as error:
            error.rows = rows
            return error
        except (OSError, TypeError, ValueError) as error:
            unsendable = ScoringError(str(error))
            unsendable.rows = rows
            return unsendable

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
            if isinstance(outcome, ScoringError):
                failures.append(Failure(rows, outcome))
                outcome = [None] * len(rows)
            results += outcome
            advance(len(rows))
    if not failures:
        return answer(results)
    if failures[0].error is not None and len(failures[0].rows) == total:
        raise failures[0].error
    if len(results) < total:
        failures.append(Failure(range(len(results), total), None))
        results += [None] * (total - len(results))
    raise IncompleteScores(failures, answer(results), total)


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
