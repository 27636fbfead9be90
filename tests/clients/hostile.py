"""A scoring service on loopback that misbehaves as told, on raw sockets.

Each request is answered by the next behaviour of the script; when the script is over, by
`scored`, which doubles the column `x` of every row.
"""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any

DRIP_SECONDS = 0.02


@dataclass
class Exchange:
    """One request, and the socket to answer on."""

    socket: socket.socket
    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    stopped: threading.Event

    def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        self.socket.sendall(data)

    def answer(
        self,
        status: int,
        body: bytes,
        kind: str = "application/json",
        length: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Send an answer; headers with underscores for hyphens."""
        lines = [f"HTTP/1.1 {status} Status", f"Content-Type: {kind}"]
        lines.append(f"Content-Length: {len(body) if length is None else length}")
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in (headers or {}).items()]
        self.send("\r\n".join([*lines, "", ""]).encode() + body)

    def doubled(self) -> bytes:
        """Return the right answer's body."""
        rows = json.loads(self.body)["Inputs"]["data"]
        return json.dumps({"Results": [row["x"] * 2 for row in rows]}).encode()


class CloseConnection(Exception):
    """Raised by a behaviour after which the connection is of no more use."""


Behaviour = Callable[[Exchange], None]


def scored(exchange: Exchange) -> None:
    if exchange.path == "/":
        exchange.answer(200, b"Healthy", "text/html")
    elif exchange.method == "GET":
        exchange.answer(404, b"{}")
    else:
        exchange.answer(200, exchange.doubled())


def status(code: int, body: Any = None, **headers: str) -> Behaviour:
    """Answer with a status, a JSON body and headers (underscores for hyphens)."""
    content = {"message": f"this is a {code}"} if body is None else body
    return lambda exchange: exchange.answer(code, json.dumps(content).encode(), headers=headers)


def html_page(code: int) -> Behaviour:
    page = b"<html><head><title>Bad Gateway</title></head><body>" + b"x" * 5000 + b"</body></html>"
    return lambda exchange: exchange.answer(code, page, "text/html; charset=utf-8")


def cut_before(_: Exchange) -> None:
    """Close without a byte."""
    raise CloseConnection


def reset(exchange: Exchange) -> None:
    """Close with RST."""
    exchange.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    raise CloseConnection


def cut_head(exchange: Exchange) -> None:
    """Close in the middle of the head."""
    exchange.send(b"HTTP/1.1 200 OK\r\nServer: h")
    raise CloseConnection


def cut_within(exchange: Exchange) -> None:
    """Close in the middle of the body."""
    body = exchange.doubled()
    exchange.answer(200, body[: len(body) // 2], length=len(body))
    raise CloseConnection


def cut_chunk(exchange: Exchange) -> None:
    """Close in the middle of a chunked body."""
    head = (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    exchange.send(head + b'5\r\n{"Res\r\n8\r\nult')
    raise CloseConnection


def length_too_long(exchange: Exchange) -> None:
    """Promise more than comes, then close."""
    body = exchange.doubled()
    exchange.answer(200, body, length=len(body) + 10)
    raise CloseConnection


def length_too_short(exchange: Exchange) -> None:
    """Send more than promised: the rest lies in the way of the next answer."""
    body = exchange.doubled()
    exchange.answer(200, body, length=len(body) - 3)


def no_http(exchange: Exchange) -> None:
    exchange.send(b"\x16\x03\x01 what is this?\r\n\r\n")
    raise CloseConnection


def silent(exchange: Exchange) -> None:
    """Never answer: until the client goes."""
    with suppress(OSError):
        exchange.socket.recv(1)
    raise CloseConnection


def drip_head(exchange: Exchange) -> None:
    """One byte of a header now and then, without end."""
    exchange.send(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    _drip(exchange)


def drip_body(exchange: Exchange) -> None:
    """One byte of the body now and then, without end."""
    exchange.answer(200, b"", length=1_000_000)
    _drip(exchange)


def _drip(exchange: Exchange) -> None:
    with suppress(OSError):
        while not exchange.stopped.wait(DRIP_SECONDS):
            exchange.send(b"x")
    raise CloseConnection


class HostileServer:
    """The server; use it as a context manager.

    Attributes:
        otherwise: how requests are answered when the script is over.
        exchanges: every request so far.
        connections: how many connections it has accepted.
    """

    def __init__(self, *script: Behaviour, otherwise: Behaviour = scored) -> None:
        self._script = list(script)
        self.otherwise = otherwise
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._threads: list[threading.Thread] = []
        self._sockets: list[socket.socket] = []
        self.exchanges: list[Exchange] = []
        self.connections = 0

    @property
    def uri(self) -> str:
        """The scoring address."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}/score"

    def __enter__(self) -> HostileServer:
        self._start(self._accept)
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stopped.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for client in self._sockets:
            with suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()

    def _start(self, target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        thread.start()
        self._threads.append(thread)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self.connections += 1
                self._sockets.append(client)
                self._start(self._serve, client)

    def _serve(self, client: socket.socket) -> None:
        with client, client.makefile("rb") as reader, suppress(OSError, CloseConnection):
            while line := reader.readline():
                method, path, _ = line.decode().split(" ")
                headers: dict[str, str] = {}
                while (line := reader.readline()) not in {b"\r\n", b""}:
                    name, _, value = line.decode().partition(":")
                    headers[name.lower()] = value.strip()
                body = reader.read(int(headers.get("content-length", 0)))
                exchange = Exchange(client, method, path, headers, body, self._stopped)
                with self._lock:
                    self.exchanges.append(exchange)
                    behaviour = self._script.pop(0) if self._script else self.otherwise
                behaviour(exchange)
