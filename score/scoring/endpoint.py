"""The wrapper around `run()`: errors become answers, answers become JSON, each leaves a line.

Azure's server turns everything that is raised in or around `run()` into one opaque 500. So
nothing is raised past this wrapper but what the server itself must see. It has to be the
outermost decorator: inference-schema converts the input inside the call it wraps, and what
fails there has to end here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sized
from http import HTTPStatus
from typing import Any

import wrapt

from scoring import rawhttp
from scoring.encoding import encode
from scoring.errors import ScoringError, ServiceError
from scoring.log import logger, request_line

# wrapt, as inference-schema itself does it: the wrapper keeps the signature, name and module
# of run(), by which the server chooses its input parser and finds the schema.


@wrapt.decorator
def endpoint(
    run: Callable[..., Any],
    _instance: None,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
) -> Any:
    """Decorate `run()`: answer its result, or its error with the status that error has.

    A result is encoded as JSON with status 200; a `ScoringError` is answered with its own
    status and body; anything else is a fault of the model: 500, no detail, traceback in the
    log. A response made by `run()` itself is passed on.
    """
    started = time.perf_counter()
    rows = None
    headers: Mapping[str, str] = {}
    try:
        result = run(*args, **kwargs)
        if rawhttp.is_response(result):
            return result
        body, status, rows = encode(result), HTTPStatus.OK, _rows(result)
    except TimeoutError:
        # The server's own alarm (SCORING_TIMEOUT_MS): it answers "Scoring timeout".
        raise
    except Exception as error:  # noqa: BLE001 - the one place that must see everything
        if not isinstance(error, ScoringError) or isinstance(error, ServiceError):
            logger.exception("run() failed, request id %s", encode(rawhttp.request_id()).decode())
        failure = error if isinstance(error, ScoringError) else ServiceError()
        body, status, headers = _failure_body(failure), failure.status, failure.headers()
    milliseconds = (time.perf_counter() - started) * 1000
    request_id = rawhttp.request_id()
    logger.info(
        request_line(request_id=request_id, status=status, milliseconds=milliseconds, rows=rows)
    )
    return rawhttp.respond(body, status, headers)


def _failure_body(error: ScoringError) -> bytes:
    body = error.body()
    if isinstance(error, ServiceError):
        # In the body as well: managed endpoints hide the container's headers behind a 424.
        body["request_id"] = rawhttp.request_id()
    return encode(body)


def _rows(result: object) -> int | None:
    """Return how many rows the answer holds: the length of its first list."""
    values = result.values() if isinstance(result, Mapping) else [result]
    sized = (v for v in values if isinstance(v, Sized) and not isinstance(v, str | bytes | Mapping))
    return next((len(value) for value in sized), None)
