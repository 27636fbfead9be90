"""The wrapper around `run()`: errors become answers, answers become JSON, each leaves a line.

Azure's server turns everything that is raised in or around `run()` into one opaque 500. So
nothing is raised past this wrapper but what the server itself must see. It has to be the
outermost decorator: inference-schema converts the input inside the call it wraps, and what
fails there has to end here.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from http import HTTPStatus
from inspect import Parameter, signature
from typing import Any

import wrapt
from inference_schema.schema_util import get_input_schema, is_schema_decorated

from scoring.errors import ScoringError, ServiceError
from scoring.http import host as rawhttp
from scoring.http.bodies import check_length
from scoring.http.cors import allow_cors
from scoring.http.misspelt_keys import optional_parameters, refuse_misspelt
from scoring.outputs.body import success
from scoring.outputs.conformance import declared_output
from scoring.outputs.encoding import encode, readable
from scoring.schemas import require
from scoring.settings import Settings
from scoring.signals import raised_by_signal
from scoring.telemetry.log import logger, request_line

#: Marks an answer whose line is in the log.
LOGGED = "_scoring_logged"


def endpoint(run: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate `run()`: answer its result, or its error with the status that error has.

    A result is encoded as JSON with status 200, after it was compared with the declared
    output; a `ScoringError` is answered with its own status and body; anything else is a
    fault of the model: 500, no detail, traceback in the log. A response made by `run()`
    itself is passed on.
    """
    declared = declared_output(run)
    _require_parameters(run)
    optional = optional_parameters(run)
    settings = Settings.from_environ(os.environ)
    allow_cors(os.environ)
    rawhttp.amend_every_answer(_finish_refusal)

    def answer(
        run: Callable[..., Any], _instance: None, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        started = time.perf_counter()
        rows = None
        try:
            check_length(settings.max_body_bytes)
            refuse_misspelt(optional, kwargs)
            result = run(*args, **kwargs)
            if rawhttp.is_response(result):
                response: rawhttp.Response = result
            else:
                body, rows = success(result, declared)
                response = rawhttp.respond(body, HTTPStatus.OK)
        except (Exception, SystemExit) as error:
            if raised_by_signal(error):
                # The server's alarm (it answers "Scoring timeout"), or the end of its worker.
                raise
            response = _failure(error)
        _leave_line(response, (time.perf_counter() - started) * 1000, rows)
        return response

    # wrapt, as inference-schema itself does it: the wrapper keeps the signature, name and
    # module of run(), by which the server chooses its input parser and finds the schema.
    wrapper: Callable[..., Any] = wrapt.FunctionWrapper(run, answer)
    return wrapper


def _failure(error: BaseException) -> rawhttp.Response:
    """Return the answer to what was raised; a traceback goes to the log where we are at fault."""
    if not isinstance(error, ScoringError) or isinstance(error, ServiceError):
        request_id = encode(rawhttp.request_id()).decode()
        logger.error("run() failed, request id %s", request_id, exc_info=error)
    failure = error if isinstance(error, ScoringError) else ServiceError()
    return rawhttp.respond(_failure_body(failure), failure.status, failure.headers())


def _leave_line(response: rawhttp.Response, milliseconds: float, rows: int | None) -> None:
    """Log how a request ended, and mark its answer, so that it is not logged twice."""
    request_id, status = rawhttp.request_id(), response.status_code
    logger.info(
        request_line(request_id=request_id, status=status, milliseconds=milliseconds, rows=rows)
    )
    setattr(response, LOGGED, True)


def _finish_refusal(request: rawhttp.Request, response: rawhttp.Response) -> None:
    """Complete and log what the server answered before `run()` was called, or in its place."""
    rawhttp.complete_refusal(request, response)
    if rawhttp.is_scoring(request) and not getattr(response, LOGGED, False):
        _leave_line(response, rawhttp.elapsed_ms(request), None)


def _require_parameters(run: Callable[..., Any]) -> None:
    """Say in the Swagger which top-level parameters a request must have.

    inference-schema lists `request_headers` among them, which no client sends.
    """
    if not is_schema_decorated(run):
        return
    schema = get_input_schema(run)
    parameters = signature(run).parameters
    for part in ("properties", "example"):
        schema.get(part, {}).pop("request_headers", None)
    declared = schema.get("properties", ())
    require(run, [name for name in declared if not _is_optional(parameters[name])])


def _is_optional(parameter: Parameter) -> bool:
    return parameter.default is not Parameter.empty


def _failure_body(error: ScoringError) -> bytes:
    body = error.body()
    if isinstance(error, ServiceError):
        # In the body as well: managed endpoints hide the container's headers behind a 424.
        body["request_id"] = rawhttp.request_id()
    return readable(body)
