"""The host's request and response classes; no other file knows them.

Under azmlinfsrv they live in `azureml_inference_server_http.api`; scripts written for its
predecessors import them from `azureml.contrib.services`, which is the fallback.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeVar

from flask import Request, Response, after_this_request, g, has_request_context, request_started
from flask import request as current_request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge

from scoring.errors import ClientError, TooLarge, UnsupportedMediaType

try:
    from azureml_inference_server_http.api.aml_request import rawhttp
    from azureml_inference_server_http.api.aml_response import AMLResponse
except ImportError:  # an old image
    from azureml.contrib.services.aml_request import rawhttp
    from azureml.contrib.services.aml_response import AMLResponse

__all__ = [
    "Form",
    "Request",
    "Response",
    "amend_every_answer",
    "asked",
    "check_length",
    "complete_refusal",
    "elapsed_ms",
    "is_response",
    "is_scoring",
    "posted_object",
    "rawhttp",
    "read_body",
    "read_form",
    "request_id",
    "respond",
]

#: Where the time at which a request began is kept, in its WSGI environment.
STARTED = "scoring.started"

#: The host's own limit; it answers 431 to a longer one.
REQUEST_ID_CHARACTERS = 100

#: Read and thrown away of a body that is refused, so that the client, which sends all of it
#: before it listens, gets to hear why. Past this the connection is cut.
DRAINED_BYTES = 100_000_000
DRAIN_CHUNK = 1 << 16

Body = TypeVar("Body")


@dataclass(frozen=True)
class Form:
    """A multipart body.

    Attributes:
        files: field and content of each file, in order.
        texts: field and value of each other part, in order.
    """

    files: list[tuple[str, bytes]]
    texts: list[tuple[str, str]]


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


def check_length(maximum: int) -> None:
    """Refuse a request whose body is longer than `maximum` bytes.

    Raises:
        TooLarge: naming the limit and the setting that raises it.
    """
    if not has_request_context():
        return
    request = current_request
    length = request.content_length
    if length is None:
        # Sent in chunks, without a length. Most doors have read the body by now; in one that
        # has not, reading stops at the limit.
        request.max_content_length = maximum
        try:
            length = len(request.get_data())
        except RequestEntityTooLarge:
            length = maximum + 1
    if length > maximum:
        _drain(request)
        raise TooLarge(
            f"The body has more than {maximum} bytes, which is the limit. Send less at "
            "once, or let the operator raise SCORING_MAX_BODY_BYTES."
        )


def posted_object(maximum: int) -> dict[str, Any]:
    """Return the JSON object that was posted; an empty one for another body, or a longer one.

    Also for one nested so deeply that it can be read only once.
    """
    if not has_request_context() or current_request.method != "POST":
        return {}
    body = current_request.get_data()
    if len(body) > maximum or not current_request.is_json:
        return {}
    try:
        parsed = json.loads(body)
    except RecursionError:
        # The server has just read it, with fewer calls around it.
        return {}
    return parsed if isinstance(parsed, dict) else {}


def asked(question: str) -> bool:
    """Tell whether this is a GET with `question` in its query, as in `GET /score?describe`."""
    return (
        has_request_context()
        and current_request.method == "GET"
        and question in current_request.args
    )


def read_body(request: Request, max_bytes: int, setting: str) -> bytes:
    """Return the body.

    Args:
        request: what a raw-HTTP `run()` gets.
        max_bytes: how much is read at most.
        setting: the environment variable that sets it, for the message.

    Raises:
        TooLarge: the body is larger; it was not kept in memory.
        UnsupportedMediaType: the body is compressed.
        ClientError: the body did not arrive whole.
    """
    return _read(request, max_bytes, setting, lambda: request.get_data(cache=False))


def read_form(request: Request, max_bytes: int, setting: str) -> Form:
    """Return the parts of a multipart body; the arguments are those of `read_body`.

    Files are kept on disk while the body is read, by Werkzeug, and read from there one by one.

    Raises:
        TooLarge, UnsupportedMediaType, ClientError: as `read_body`.
    """
    request.max_form_memory_size = max_bytes

    def parts() -> Form:
        # Werkzeug's name for a part that has none is None.
        files = [(field or "", file.read()) for field, file in request.files.items(multi=True)]
        texts = [(field or "", value) for field, value in request.form.items(multi=True)]
        return Form(files, texts)

    return _read(request, max_bytes, setting, parts)


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

    RFC 9110 section 15.5.6 requires `Allow`. The host refuses these before it has read the
    request's id, which the log's line and the client need all the same.
    """
    error = request.routing_exception
    if error is None:
        return
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    sent = request.headers.get("x-request-id", "")
    g.request_id = sent if 0 < len(sent) <= REQUEST_ID_CHARACTERS else str(uuid.uuid4())
    response.headers["x-request-id"] = g.request_id


def is_scoring(request: Request) -> bool:
    """Tell whether a request is for the address that scores, whatever its method."""
    return request.path.endswith("/score")


def elapsed_ms(request: Request) -> float:
    """Return the milliseconds since the host began with a request; `amend_every_answer` counts."""
    return (time.perf_counter() - float(request.environ[STARTED])) * 1000


def _read(request: Request, max_bytes: int, setting: str, parse: Callable[[], Body]) -> Body:
    encoding = request.headers.get("Content-Encoding", "identity")
    if encoding.lower() != "identity":
        raise UnsupportedMediaType("The body is compressed. Send it without Content-Encoding.")
    request.max_content_length = max_bytes
    try:
        return parse()
    except RequestEntityTooLarge:
        _drain(request)
        raise TooLarge(
            f"The body is larger than the {max_bytes} bytes that this service reads "
            f"(setting {setting}), or has more than {request.max_form_parts} parts."
        ) from None
    except HTTPException as error:
        status = HTTPStatus(error.code or HTTPStatus.BAD_REQUEST).phrase
        raise ClientError(f"The body could not be read: {status}.") from None


def _drain(request: Request) -> None:
    stream = request.environ["wsgi.input"]
    left = DRAINED_BYTES
    # A client that is gone ends the reading as well as the body's end does.
    with suppress(OSError):
        while left > 0 and (chunk := stream.read(min(left, DRAIN_CHUNK))):
            left -= len(chunk)
