"""From a request to the Flask app and back (PEP 3333), without a socket."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import unquote_to_bytes

import httptools

from host.messages import Answer, Request, refusal

#: These have names of their own in WSGI.
PLAIN = {b"content-type": "CONTENT_TYPE", b"content-length": "CONTENT_LENGTH"}

#: The protocol's to say; a script that says them too would contradict it.
CONNECTION = frozenset({"connection", "transfer-encoding", "content-length", "date", "keep-alive"})

App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def environ_of(request: Request) -> dict[str, Any]:
    """Return the WSGI environment of a request.

    Raises:
        httptools.HttpParserInvalidURLError: the target is no address.
    """
    url = httptools.parse_url(request.target)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(url.path or b"/").decode("latin-1"),
        "QUERY_STRING": (url.query or b"").decode("latin-1"),
        "RAW_URI": request.target.decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{request.version}",
        "REMOTE_ADDR": request.peer,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in request.headers:
        # X_Request_Id and X-Request-Id would be the same variable: gunicorn drops it as well.
        if b"_" in name:
            continue
        key = PLAIN.get(name) or "HTTP_" + name.decode("latin-1").upper().replace("-", "_")
        text = value.decode("latin-1")
        environ[key] = f"{environ[key]},{text}" if key in environ else text
    name, _, port = environ.get("HTTP_HOST", "").rpartition(":")
    environ["SERVER_NAME"], environ["SERVER_PORT"] = name or "localhost", port or "80"
    return environ


def answer_of(app: App, request: Request) -> Answer:
    """Return what the app answers; the body in pieces where its length is not known."""
    try:
        environ = environ_of(request)
    except httptools.HttpParserInvalidURLError:
        return refusal(400, "The request's target is no address.")
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], _error: Any = None) -> None:
        started[:] = [(status, headers)]

    body = app(environ, start_response)
    status, headers = started[0]
    length = next((value for name, value in headers if name.lower() == "content-length"), None)
    kept = [(name, value) for name, value in headers if name.lower() not in CONNECTION]
    code = int(status.partition(" ")[0])
    if length is None and code not in (204, 304):
        return Answer(code, kept, body)
    try:
        return Answer(code, kept, b"".join(body))
    finally:
        close: Any = getattr(body, "close", None)
        if close is not None:
            close()
