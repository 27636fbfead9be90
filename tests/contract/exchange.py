"""One request over a plain socket and its answer, for what HTTP clients cannot send."""

from __future__ import annotations

import http.client
import json
import socket
from dataclasses import dataclass
from typing import Any

from deploy.servers.azmlinfsrv import Server

#: A server that does not answer is a failure, not a hang.
SECONDS = 20


@dataclass(frozen=True)
class Answer:
    """Status, headers with names in lower case, body."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def content(self) -> Any:
        """The body as JSON; as text where it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return self.body.decode("utf-8", "replace")


def connect(server: Server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=SECONDS)


def read(connection: socket.socket, method: str = "POST") -> Answer | None:
    """Return the next answer; None where the connection was closed without one."""
    response = http.client.HTTPResponse(connection, method=method)
    try:
        response.begin()
    except (http.client.RemoteDisconnected, ConnectionResetError):
        return None
    headers = {name.lower(): value for name, value in response.getheaders()}
    return Answer(response.status, headers, response.read())


def request_bytes(
    method: str, target: str, body: bytes | None = None, headers: dict[str, str] | None = None
) -> bytes:
    """Return a request as most clients send it; a header of `headers` wins."""
    sent = {"Host": "localhost", "Connection": "close"}
    if body is not None:
        sent |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
    lines = [f"{name}: {value}" for name, value in (sent | (headers or {})).items() if value]
    return "\r\n".join([f"{method} {target} HTTP/1.1", *lines, "", ""]).encode() + (body or b"")


def exchange(server: Server, raw: bytes) -> Answer | None:
    with connect(server) as connection:
        connection.sendall(raw)
        return read(connection, raw.split(b" ", 1)[0].decode("latin-1"))
