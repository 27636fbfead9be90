"""Shadow scoring: another model scores the same rows, and only the log sees what it says.

The answer does not wait for it and cannot fail with it: it runs in one thread of its own, and
what does not fit in a short queue is skipped and counted.
"""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore
from typing import Any

import numpy as np

from scoring.multi_model.catalog import Catalog, Key
from scoring.outputs.encoding import plain
from scoring.telemetry.log import logger

#: Requests that may wait for the shadow. It shares the worker's time: a long queue helps nobody.
QUEUE = 8

#: How many of the shadow's results are logged.
LOGGED_RESULTS = 20


class Shadow:
    """Scores along.

    Args:
        catalog: where the model is.
        key: its name and version.

    Raises:
        ModelNotFound: it is not there.
    """

    def __init__(self, catalog: Catalog, name: str, version: str) -> None:
        self._catalog = catalog
        self._key = catalog.demand(name, version)
        # Its thread starts with the first request, so after the server has forked.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="shadow")
        self._places = BoundedSemaphore(QUEUE)
        self._skipped = 0

    def follow(self, rows: Any, method: str, scored: Key, results: Any, request_id: str) -> None:
        """Let the shadow score what `scored` has scored.

        Args:
            rows: the rows as they came, a list of records.
            method: as asked.
            scored: name and version of the model that answered.
            results: its results.
            request_id: for the log.
        """
        if scored == self._key:
            return
        if not self._places.acquire(blocking=False):
            self._skipped += 1
            return
        self._thread.submit(self._score, rows, method, scored, results, request_id)

    def _score(self, rows: Any, method: str, scored: Key, results: Any, request_id: str) -> None:
        line: dict[str, Any] = {
            "request_id": request_id,
            "shadow": ":".join(self._key),
            "answered_by": ":".join(scored),
            "skipped_before": self._skipped,
        }
        try:
            model = self._catalog.get(self._key)
            own = plain(model.score(method, model.table.convert(rows, "Inputs.data")))
            line |= {"rows": len(own), **compare(own, plain(results))}
            line["results"] = own[:LOGGED_RESULTS]
        except Exception as error:  # noqa: BLE001 - nobody else is there to see it
            # Not its message: a refusal repeats the client's values.
            line["failed"] = type(error).__name__
        finally:
            self._places.release()
        logger.info("%s", json.dumps(line))


def compare(own: list[Any], answered: list[Any]) -> dict[str, Any]:
    """Return in how many rows two models differ, and by how much where both give numbers."""
    differing = sum(a != b for a, b in zip(own, answered, strict=True))
    numbers = {type(value) for value in [*own, *answered]} <= {int, float}
    if not own or not numbers:
        return {"differing": differing}
    return {
        "differing": differing,
        "largest_difference": float(np.max(np.abs(np.subtract(own, answered)))),
    }
