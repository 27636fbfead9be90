"""A connection of the host's protocol without a socket, and h11 as the other opinion on it."""

from __future__ import annotations

import asyncio
from typing import Any

import h11

from host.messages import Answer, Request
from host.protocol import Connection
from host.settings import HostSettings


class Transport(asyncio.Transport):
    """Keeps what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.sent = b""
        self.closed = self.half_closed = self.paused = False
        self.unsent = 0

    def write(self, data: Any) -> None:
        self.sent += bytes(data)

    def write_eof(self) -> None:
        self.half_closed = True

    def close(self) -> None:
        self.closed = True

    abort = close

    def pause_reading(self) -> None:
        self.paused = True

    def resume_reading(self) -> None:
        self.paused = False

    def get_write_buffer_size(self) -> int:
        return self.unsent


class Wire:
    """An engine that keeps the requests, and one connection of its."""

    def __init__(self, **settings: int) -> None:
        self.settings = HostSettings(**settings)
        self.environ: dict[str, str] = {}
        self.connections: set[Connection] = set()
        self.draining = False
        self.requests: list[Request] = []
        self.transport = Transport()
        self.connection = Connection(self, "127.0.0.1")
        self.connection.connection_made(self.transport)

    def submit(self, _connection: Connection, request: Request) -> None:
        self.requests.append(request)

    def log(self, request: Request, status: int, length: int | None) -> None:
        pass

    def send(self, data: bytes, size: int | None = None) -> None:
        """Have the connection hear this, in pieces of `size` bytes."""
        for start in range(0, len(data), size or len(data) or 1):
            self.connection.data_received(data[start : start + (size or len(data))])

    def answer(self, body: bytes = b"ok", status: int = 200) -> None:
        """Answer the request that is waiting longest."""
        request = self.requests[-1]
        self.connection.finish(request, Answer(status, [], body))

    @property
    def statuses(self) -> list[int]:
        """The status of each answer so far, told by h11."""
        client = h11.Connection(h11.CLIENT)
        statuses, left = [], self.transport.sent
        while left:
            client = h11.Connection(h11.CLIENT)
            client.send(h11.Request(method="POST", target="/", headers=[("Host", "a")]))
            client.send(h11.EndOfMessage())
            client.receive_data(left)
            event = client.next_event()
            while not isinstance(event, h11.EndOfMessage):
                if event is h11.NEED_DATA:
                    client.receive_data(b"")
                if isinstance(event, h11.Response):
                    statuses.append(event.status_code)
                event = client.next_event()
            left = client.trailing_data[0]
        return statuses


def by_h11(data: bytes) -> tuple[list[tuple[str, bytes, bytes]], bool]:
    """Return method, target and body of each request, and whether h11 refused the data."""
    server = h11.Connection(h11.SERVER)
    server.receive_data(data.lstrip(b"\r\n"))
    found: list[tuple[str, bytes, bytes]] = []
    head, body = None, b""
    while True:
        try:
            event = server.next_event()
        except h11.RemoteProtocolError:
            return found, True
        if isinstance(event, h11.Request):
            head, body = (event.method.decode(), event.target), b""
        elif isinstance(event, h11.Data):
            body += bytes(event.data)
        elif isinstance(event, h11.EndOfMessage) and head:
            found.append((*head, body))
            left = bytes(server.trailing_data[0]).lstrip(b"\r\n")
            if server.our_state is h11.MUST_CLOSE:
                return found, False
            # Empty lines between two requests are skipped (RFC 9112 section 2.2).
            server = h11.Connection(h11.SERVER)
            server.receive_data(left)
        else:
            return found, False
