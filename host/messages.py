"""One request and one answer, as bytes on the wire and as values. No socket, no thread."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.utils import formatdate
from http import HTTPStatus

#: azmlinfsrv's limit; a longer id is answered 431.
ID_CHARACTERS = 100

PHRASES = {status.value: status.phrase for status in HTTPStatus}

#: Answers that have no body, and no length either (RFC 9110 section 8.6).
BODILESS = frozenset({204, 304})


@dataclass
class Request:
    """A request that has arrived whole.

    Attributes:
        method: as sent.
        target: path and query as sent, still percent-encoded.
        version: `1.1` or `1.0`.
        headers: names in lower case and values, in their order.
        body: unpacked.
        peer: the client's address.
        keep_alive: the client goes on with this connection.
        submitted: it was given to the main thread.
    """

    method: str
    target: bytes
    version: str
    headers: list[tuple[bytes, bytes]]
    body: bytes = b""
    peer: str = ""
    keep_alive: bool = True
    submitted: bool = False

    def header(self, name: bytes) -> bytes | None:
        """Return the first value of a header, None without one."""
        return next((value for each, value in self.headers if each == name), None)


@dataclass
class Answer:
    """What goes back.

    Attributes:
        status: the HTTP status.
        headers: without those of the connection, which are the protocol's.
        body: whole; or its pieces, which then are sent in chunks.
    """

    status: int
    headers: list[tuple[str, str]]
    body: bytes | Iterable[bytes]


def refusal(status: int, message: str) -> Answer:
    """Return an error as azmlinfsrv words one: `{"message": ...}`."""
    body = json.dumps({"message": message}).encode()
    headers = [("Content-Type", "application/json"), ("x-ms-run-function-failed", "False")]
    return Answer(status, [*headers, ("x-request-id", str(uuid.uuid4()))], body)


def health(headers: Iterable[tuple[bytes, bytes]], environ: Mapping[str, str]) -> Answer | None:
    """Return the answer to `GET /`, the same as the Flask app's but without asking it.

    Args:
        headers: the request's, names in lower case.
        environ: of the process: the server's version, and whether CORS is on.

    Returns:
        None where it takes the app to answer: an id that is too long, a page of another origin.
    """
    sent = {name.decode("latin-1"): value.decode("latin-1") for name, value in headers}
    ids = {name: sent.get(name, "") for name in ID_NAMES}
    # A page of another origin needs CORS headers; a probe sends no Origin and never waits.
    page = bool(environ.get("AML_CORS_ORIGINS")) and "origin" in sent
    if page or any(len(value) > ID_CHARACTERS for value in ids.values()):
        return None
    request_id, client_id, legacy_id = ids.values()
    if "x-request-id" not in sent:
        request_id = str(uuid.uuid4())
    client_id = client_id or legacy_id
    answered = {
        "Content-Type": "text/html; charset=utf-8",
        "x-ms-server-version": environ.get("HTTP_X_MS_SERVER_VERSION", ""),
        "x-request-id": request_id,
        "x-ms-request-id": legacy_id or client_id or request_id,
        "x-ms-client-request-id": client_id,
        "TraceId": sent.get("traceid", ""),
    }
    return Answer(200, [pair for pair in answered.items() if pair[1]], b"Healthy")


#: In the order in which `health` reads them.
ID_NAMES = ("x-request-id", "x-ms-client-request-id", "x-ms-request-id")


class _Clock:
    """The Date header, written once a second."""

    second = 0
    text = ""

    def now(self) -> str:
        second = int(time.time())
        if second != self.second:
            self.text = formatdate(second, usegmt=True)
            self.second = second
        return self.text


_clock = _Clock()


def head(
    answer: Answer, *, length: int | None, keep_alive: bool, version: str, chunked: bool = False
) -> bytes:
    """Return the status line and the headers of an answer, with the empty line.

    Args:
        answer: its headers are sent as they are; a line break in one ends it.
        length: of the body; None where it is not known or there is none.
        keep_alive: the connection stays open.
        version: the client's, `1.0` or `1.1`.
        chunked: the body follows in chunks.
    """
    lines = [f"HTTP/1.1 {answer.status} {PHRASES.get(answer.status, 'Unknown')}"]
    lines += [f"{name}: {value}" for name, value in answer.headers]
    lines.append(f"Date: {_clock.now()}")
    if length is not None:
        lines.append(f"Content-Length: {length}")
    if chunked:
        lines.append("Transfer-Encoding: chunked")
    if not keep_alive:
        lines.append("Connection: close")
    elif version == "1.0":
        lines.append("Connection: keep-alive")
    # Werkzeug refuses line breaks in values; what comes past it must not forge a header.
    clean = [line.replace("\r", "").replace("\n", "") for line in lines]
    return ("\r\n".join(clean) + "\r\n\r\n").encode("latin-1", "replace")


def whole(answer: Answer, request_method: str, *, keep_alive: bool, version: str) -> bytes:
    """Return an answer whose body is whole as bytes for the wire."""
    body = answer.body if isinstance(answer.body, bytes) else b"".join(answer.body)
    length = None if answer.status in BODILESS else len(body)
    start = head(answer, length=length, keep_alive=keep_alive, version=version)
    return start if request_method == "HEAD" or length is None else start + body
