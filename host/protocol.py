"""HTTP/1.1 over one connection: bytes in, whole requests out, answers back in their order.

llhttp (httptools), strict as it comes, reads the syntax: it refuses Content-Length beside
Transfer-Encoding, two lengths, folded headers and bare line feeds, with which requests are
smuggled. What it leaves to its user is here: limits while reading, Host, Expect, one answer at a
time for pipelined requests, what follows a request for another protocol, half-closed sockets.

A connection is idle, reading or answering. It is looked at once a second; one that has said
nothing for too long is closed, with 408 where a request had begun.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Protocol, cast

import httptools

from host.messages import Answer, Request, head, health, refusal, whole
from host.settings import HostSettings
from host.unpacking import NotGzip, Unpacked, gunzip

#: gunicorn's limit for the first line, which azmlinfsrv leaves as it is.
LINE_BYTES = 4094

#: All headers together: gunicorn's 100 of 8 190 bytes are more than any client sends.
HEADER_BYTES = 65_536

#: Requests that are kept for a client who sends them without waiting for answers.
PIPELINED = 16


class Engine(Protocol):
    """What a connection needs of the worker."""

    settings: HostSettings
    connections: set[Connection]
    draining: bool

    @property
    def environ(self) -> Mapping[str, str]:
        """The process's environment."""

    def submit(self, connection: Connection, request: Request) -> None:
        """Have `run()` answer the request."""

    def log(self, request: Request, status: int, length: int | None) -> None:
        """Leave the access log's line."""


class Refused(Exception):
    """The request cannot be read; the connection ends with this answer."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.answer = refusal(status, message)


class Connection(asyncio.Protocol):
    """One connection; everything here runs in the I/O thread.

    Args:
        engine: the worker's side.
        peer: the client's address.
    """

    def __init__(self, engine: Engine, peer: str) -> None:
        self.engine = engine
        self.peer = peer
        self.transport: asyncio.Transport | None = None
        self.heard = time.monotonic()
        self.writable = threading.Event()
        self.writable.set()
        self._waiting: deque[Request] = deque()
        self._answering: Request | None = None
        self._last: Answer | None = None  # a refusal, after which the connection ends
        self._ended = False  # nothing more will be read
        self._unsent = 0
        self._parser = httptools.HttpRequestParser(self)
        self.on_message_begin()

    # -- the transport's calls ----------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are none of asyncio's classes, but have their methods.
        self.transport = cast(asyncio.Transport, transport)
        self.engine.connections.add(self)

    def connection_lost(self, _error: Exception | None) -> None:
        self.transport = None
        self.writable.set()
        self._waiting.clear()
        self.engine.connections.discard(self)

    def pause_writing(self) -> None:
        self.writable.clear()

    def resume_writing(self) -> None:
        self.heard = time.monotonic()
        self.writable.set()

    def eof_received(self) -> bool:
        """The client has sent everything; it may still be listening for its answers."""
        self._ended = True
        return self._answering is not None or bool(self._waiting)

    def data_received(self, data: bytes) -> None:
        if self._ended:
            return  # and it does not keep the connection alive
        self.heard = time.monotonic()
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            # Answered as HTTP/1.1, as RFC 9110 section 7.8 allows; what follows is unknown.
            self._ended = True
        except httptools.HttpParserCallbackError as error:
            cause = error.__context__
            if not isinstance(cause, Refused):
                raise
            self._refuse(cause.answer)
        except httptools.HttpParserError as error:
            self._refuse(refusal(400, f"The request is not valid HTTP: {error}."))
        if self.transport and len(self._waiting) >= PIPELINED:
            self.transport.pause_reading()

    # -- the parser's calls -------------------------------------------------------

    def on_message_begin(self) -> None:
        self._target = b""
        self._headers: list[tuple[bytes, bytes]] = []
        self._header_bytes = 0
        self._body: list[bytes] = []
        self._body_bytes = 0
        self._in_body = False

    def on_url(self, url: bytes) -> None:
        self._target += url
        if len(self._target) > LINE_BYTES:
            raise Refused(414, f"The address is longer than {LINE_BYTES} bytes.")

    def on_header(self, name: bytes, value: bytes | None) -> None:
        if self._in_body:
            return  # a trailer: no header of the request (RFC 9110 section 6.5.1)
        self._header_bytes += len(name) + len(value or b"")
        if self._header_bytes > HEADER_BYTES:
            raise Refused(431, f"The headers have more than {HEADER_BYTES} bytes.")
        self._headers.append((name.lower(), value or b""))

    def on_headers_complete(self) -> None:
        self._in_body = True
        version, sent = self._parser.get_http_version(), dict(self._headers)
        if version not in ("1.0", "1.1"):
            raise Refused(505, f"HTTP/{version} is not spoken here.")
        hosts = [value for name, value in self._headers if name == b"host"]
        if len(hosts) > 1 or (version == "1.1" and not hosts):
            raise Refused(400, "One Host header is needed.")
        if int(sent.get(b"content-length") or 0) > self.engine.settings.max_body_bytes:
            raise Refused(413, self._too_large())
        expectation = sent.get(b"expect", b"").lower()
        if expectation and expectation != b"100-continue":
            raise Refused(417, "Only 100-continue can be expected.")
        if expectation and version == "1.1" and self._answering is None and self.transport:
            self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, piece: bytes) -> None:
        self._body_bytes += len(piece)
        if self._body_bytes > self.engine.settings.max_body_bytes:
            raise Refused(413, self._too_large())
        self._body.append(piece)

    def on_message_complete(self) -> None:
        request = Request(
            self._parser.get_method().decode("ascii"),
            self._target,
            self._parser.get_http_version(),
            self._headers,
            b"".join(self._body),
            self.peer,
            self._parser.should_keep_alive() and not self._parser.should_upgrade(),
        )
        self._target, self._body, self._in_body = b"", [], False
        self._unpack(request)
        self._waiting.append(request)
        self._next()

    def _too_large(self) -> str:
        limit = self.engine.settings.max_body_bytes
        return (
            f"The body has more than {limit} bytes, which is the limit. Send less at once, or let "
            "the operator raise HOST_MAX_BODY_BYTES."
        )

    def _unpack(self, request: Request) -> None:
        if (request.header(b"content-encoding") or b"").lower() != b"gzip":
            return
        try:
            request.body = gunzip(request.body, self.engine.settings.max_body_bytes)
        except NotGzip:
            raise Refused(400, "The body is not gzip, as its Content-Encoding says.") from None
        except Unpacked:
            raise Refused(413, self._too_large()) from None
        dropped = (b"content-encoding", b"content-length", b"transfer-encoding")
        request.headers = [pair for pair in request.headers if pair[0] not in dropped]
        request.headers.append((b"content-length", str(len(request.body)).encode()))

    # -- answering ----------------------------------------------------------------

    def _next(self) -> None:
        """Have the next request answered, if there is one and none is being answered."""
        while self._answering is None and self._waiting and self.transport:
            request = self._answering = self._waiting.popleft()
            healthy = None
            if request.method == "GET" and request.target == b"/":
                healthy = health(request.headers, self.engine.environ)
            if healthy is None:
                self.engine.submit(self, request)
                return
            self.finish(request, healthy)

    def finish(self, request: Request, answer: Answer) -> None:
        """Send an answer whose body is whole."""
        keep_alive = self._goes_on(request)
        if self.transport:
            self.transport.write(
                whole(answer, request.method, keep_alive=keep_alive, version=request.version)
            )
        length = len(answer.body) if isinstance(answer.body, bytes) else None
        self._answered(request, answer.status, length, keep_alive=keep_alive)

    def start(self, request: Request, answer: Answer) -> None:
        """Send the head of an answer that comes in pieces."""
        chunked = request.version == "1.1"
        # Without chunks the end of the connection is the end of the body.
        request.keep_alive = request.keep_alive and chunked
        keep_alive = self._goes_on(request)
        if self.transport:
            self.transport.write(
                head(
                    answer,
                    length=None,
                    keep_alive=keep_alive,
                    version=request.version,
                    chunked=chunked,
                )
            )

    def piece(self, request: Request, data: bytes) -> None:
        """Send one piece of a body."""
        self.heard = time.monotonic()
        if self.transport and data and request.method != "HEAD":
            framed = b"%x\r\n%b\r\n" % (len(data), data)
            self.transport.write(framed if request.version == "1.1" else data)

    def end(self, request: Request, status: int, broken: bool) -> None:
        """End a body that came in pieces; a broken one without its last chunk, to be noticed."""
        if self.transport and not broken and request.version == "1.1" and request.method != "HEAD":
            self.transport.write(b"0\r\n\r\n")
        keep_alive = not broken and self._goes_on(request)
        self._answered(request, status, None, keep_alive=keep_alive)

    def _goes_on(self, request: Request) -> bool:
        last = (self._ended or self.engine.draining) and not self._waiting
        return request.keep_alive and not last

    def _answered(
        self, request: Request, status: int, length: int | None, *, keep_alive: bool
    ) -> None:
        self.engine.log(request, status, length)
        self._answering = None
        self.heard = time.monotonic()
        if not keep_alive:
            self._waiting.clear()
        if self._last is not None and not self._waiting:
            self._say_last()
        elif not keep_alive or (self._ended and not self._waiting):
            self.close()
        elif self.transport:
            self._next()
            if self.transport and len(self._waiting) < PIPELINED:
                self.transport.resume_reading()

    # -- the end ------------------------------------------------------------------

    def _refuse(self, answer: Answer) -> None:
        """End the connection with an answer, after those to the requests before it."""
        self._ended = True
        self._last = answer
        if self._answering is None:
            self._say_last()

    def _say_last(self) -> None:
        if self.transport and self._last:
            self.transport.write(whole(self._last, "GET", keep_alive=False, version="1.1"))
            # Not closed at once: what the client still sends would make the kernel answer with a
            # reset, which throws the answer away. It is read, unlooked at, until the client has
            # closed or the idle limit.
            with suppress(OSError, RuntimeError):
                self.transport.write_eof()

    def close(self) -> None:
        """Close after everything is sent."""
        self._ended = True
        if self.transport:
            self.transport.close()

    def _partly_read(self) -> bool:
        return bool(self._target)

    def look(self, now: float, patience: float) -> None:
        """Close a connection that has said nothing for `patience` seconds."""
        if self.transport is None:
            return
        unsent = self.transport.get_write_buffer_size()
        if unsent < self._unsent:
            self.heard = now  # it reads, if slowly
        self._unsent = unsent
        if now - self.heard < patience:
            return
        if self._answering is not None and self.writable.is_set():
            return  # it is run() that takes its time
        if self._partly_read() and self._answering is None and self._last is None:
            self._refuse(refusal(408, "The request did not arrive in time."))
        elif self._answering is not None or self._ended:
            self.transport.abort()  # it does not read its answer, or does not go
        else:
            self.close()


def pieces(body: Iterable[bytes]) -> Iterable[bytes]:
    """Return the pieces of a body that are not empty: an empty chunk would end it."""
    return (piece for piece in body if piece)
