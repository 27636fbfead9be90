"""The host's request and response classes; no other file knows them.

Under azmlinfsrv they live in `azureml_inference_server_http.api`; scripts written for its
predecessors import them from `azureml.contrib.services`, which is the fallback.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from flask import Request, Response, after_this_request, g, has_request_context, request_started
from flask import request as current_request
from werkzeug.exceptions import MethodNotAllowed

try:
    from azureml_inference_server_http.api.aml_request import rawhttp
    from azureml_inference_server_http.api.aml_response import AMLResponse
except ImportError:  # an old image
    from azureml.contrib.services.aml_request import rawhttp
    from azureml.contrib.services.aml_response import AMLResponse

__all__ = [
    "Request",
    "Response",
    "amend_every_answer",
    "asked",
    "complete_refusal",
    "elapsed_ms",
    "is_response",
    "is_scoring",
    "rawhttp",
    "request_id",
    "respond",
]

#: Where the time at which a request began is kept, in its WSGI environment.
STARTED = "scoring.started"

#: The host's own limit; it answers 431 to a longer one.
REQUEST_ID_CHARACTERS = 100


def respond(body: bytes, status: int, headers: Mapping[str, str] | None = None) -> Response:
    """Return the host's response with a JSON body that is already encoded.

    Args:
        body: UTF-8 JSON.
        status: the HTTP status.
        headers: further headers.
    """
    # AMLResponse splits header values at commas, so they are set on the finished response.
    response: Response = AMLResponse(body, status)
    response.headers["Content-Type"] = "application/json"
    for name, value in (headers or {}).items():
        response.headers[name] = value
    return response


def request_id() -> str:
    """Return the id the host gave this request; empty outside a request.

    Where the client sent an empty one, or one too long for the host, the host has none: it gets
    a new one, which the host echoes.
    """
    if not has_request_context():
        return ""
    if not getattr(g, "request_id", ""):
        g.request_id = str(uuid.uuid4())
    return str(g.request_id)


def is_response(result: object) -> bool:
    """Tell whether `run()` made a response of its own."""
    return isinstance(result, Response)


def asked(question: str) -> bool:
    """Tell whether this is a GET with `question` in its query, as in `GET /score?describe`."""
    return (
        has_request_context()
        and current_request.method == "GET"
        and question in current_request.args
    )


def amend_every_answer(amend: Callable[[Request, Response], None]) -> None:
    """Have `amend` change every answer of this process, the host's own ones too.

    It is called before the host's own hooks, flask-cors among them, see the answer. Flask's
    signal at the start of a request and its callback at the end are all that is used: nothing
    of the host is touched, and a host without Flask simply never calls.
    """

    def started(_app: object, **_extra: Any) -> None:
        current_request.environ.setdefault(STARTED, time.perf_counter())

        @after_this_request
        def ended(response: Response) -> Response:
            amend(current_request, response)
            return response

    request_started.connect(started, weak=False)


def complete_refusal(request: Request, response: Response) -> None:
    """Give the host's 404 and 405 what it leaves out: a request id, and `Allow` with a 405.

    RFC 9110 section 15.5.6 requires `Allow`. azmlinfsrv refuses these before it has read the
    request's id, which the log's line and the client need all the same.
    """
    error = request.routing_exception
    if error is None:
        return
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    if not getattr(g, "request_id", ""):
        sent = request.headers.get("x-request-id", "")
        g.request_id = sent if 0 < len(sent) <= REQUEST_ID_CHARACTERS else str(uuid.uuid4())
    response.headers["x-request-id"] = g.request_id


def is_scoring(request: Request) -> bool:
    """Tell whether a request is for the address that scores, whatever its method."""
    return request.path.endswith("/score")


def elapsed_ms(request: Request) -> float:
    """Return the milliseconds since the host began with a request; `amend_every_answer` counts."""
    return (time.perf_counter() - float(request.environ[STARTED])) * 1000
