"""An HTTP proxy that ends TLS itself, keeps a journal and fails where a test says so."""

from __future__ import annotations

import json
import re
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import trustme


@dataclass(frozen=True)
class Request:
    """One request as it arrived."""

    method: str
    host: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON; None when it is empty."""
        return json.loads(self.body) if self.body else None


@dataclass(frozen=True)
class Answer:
    """One answer; a dictionary or list as body is sent as JSON."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Failure:
    """A scripted failure: the next `times` requests that match get `answer`, or are cut.

    Attributes:
        method: the HTTP method.
        path: a regular expression that is searched in host and path.
        answer: what is answered; None cuts the connection in the middle of the body.
        times: how often.
        skip: how many matching requests pass first.
    """

    method: str
    path: str
    answer: Answer | None
    times: int = 1
    skip: int = 0

    def applies(self, method: str, address: str) -> bool:
        """Tell whether this request fails, and count it."""
        if self.method != method or not re.search(self.path, address) or not self.times:
            return False
        if self.skip:
            self.skip -= 1
            return False
        self.times -= 1
        return True


class Proxy:
    """The proxy, on a free port of the loopback interface.

    Args:
        answer: makes the answer to a request.
    """

    def __init__(self, answer: Callable[[Request], Answer]) -> None:
        self.authority = trustme.CA()
        self.journal: list[Request] = []
        self.failures: list[Failure] = []
        self.answer = answer
        self.lock = threading.Lock()
        proxy = self

        class Handler(_Handler):
            owner = proxy

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @cache  # noqa: B019 - one per test session, and as many hosts as Azure has names
    def tls(self, host: str) -> ssl.SSLContext:
        """Return a TLS context with a certificate for a host."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.authority.issue_cert(host).configure_cert(context)
        return context

    def start(self) -> None:
        """Start to listen."""
        self._thread.start()

    def stop(self) -> None:
        """Stop to listen."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def take(self, method: str, address: str) -> Failure | None:
        """Return the scripted failure of this request, if any."""
        with self.lock:
            return next((f for f in self.failures if f.applies(method, address)), None)


class _Handler(BaseHTTPRequestHandler):
    owner: Proxy
    protocol_version = "HTTP/1.1"
    tunnel = ""

    def do_CONNECT(self) -> None:
        """Answer CONNECT, then speak TLS as the host that was asked for."""
        self.tunnel = self.path.partition(":")[0]
        self.send_response(200)
        self.end_headers()
        try:
            secure = self.owner.tls(self.tunnel).wrap_socket(self.connection, server_side=True)
        except (ssl.SSLError, ConnectionError):
            self.close_connection = True
            return
        self.connection = self.request = secure
        self.rfile = secure.makefile("rb")
        self.wfile = secure.makefile("wb", buffering=0)  # type: ignore[assignment]
        # Python asks for tunnels with HTTP/1.0, which otherwise ends the connection.
        self.close_connection = False

    def handle_any(self) -> None:
        """Answer one request."""
        url = urlsplit(self.path)
        host = self.tunnel or url.hostname or ""
        address = f"{host}{url.path}"
        failure = self.owner.take(self.command, address)
        if failure and failure.answer is None:
            # In the middle of the body: the rest is never read.
            self.rfile.read(1)
            self.close_connection = True
            with suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)
            return
        body = self._body()
        query = dict(parse_qsl(url.query))
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, host, url.path, query, headers, body)
        self.owner.journal.append(request)
        self._send(failure.answer if failure and failure.answer else self.owner.answer(request))

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _send(self, answer: Answer) -> None:
        raw = isinstance(answer.body, bytes)
        body = (
            answer.body if raw else b"" if answer.body is None else json.dumps(answer.body).encode()
        )
        self.send_response(answer.status)
        for name, value in {"Content-Type": "application/json", **answer.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(b"" if self.command == "HEAD" else body)

    def finish(self) -> None:
        """Close the tunnel too, of which the server itself does not know."""
        super().finish()
        if self.tunnel:
            self.connection.close()

    def log_message(self, *_: Any) -> None:
        """Say nothing: the journal has it."""

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = handle_any  # noqa: N815
