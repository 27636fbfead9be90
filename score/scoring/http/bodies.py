"""Reading what a request carries, within a limit: a body, a form, a posted object."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeVar

from flask import Request, has_request_context
from flask import request as current_request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from scoring.errors import ClientError, TooLarge, UnsupportedMediaType

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


def posted_body() -> bytes:
    """Return the JSON that was posted as it came; nothing for another body."""
    if not has_request_context() or current_request.method != "POST":
        return b""
    return current_request.get_data() if current_request.is_json else b""


def posted_object() -> dict[str, Any]:
    """Return the JSON object that was posted; an empty one for another body.

    Also for one nested so deeply that it can be read only once.
    """
    try:
        parsed = json.loads(posted_body() or b"{}")
    except RecursionError:
        # The server has just read it, with fewer calls around it.
        return {}
    return parsed if isinstance(parsed, dict) else {}


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
