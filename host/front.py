"""The front process: accepts every connection, answers health, hands the rest to the workers.

It looks at the first bytes of a connection without taking them. `GET /` is answered here while a
worker is ready: so it is answered in time whatever the workers do, C code that holds Python's
lock for seconds included. Every other connection goes, unread, through a socket pair that all
workers read: whoever is idle takes the next.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import time
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import FrameType

import httptools

from host.messages import health, whole
from host.readiness import Readiness
from host.settings import HostSettings

#: How much of a connection is looked at: `GET /` with the headers a probe sends.
PEEKED_BYTES = 4096

#: How often a connection that sent nothing is looked for, and the parent.
TICK_SECONDS = 1.0

#: What is written in one go is small; a client that does not read it is not waited for.
PROBE = b"GET / HTTP/1.1\r\n"


class Probe:
    """A request read with httptools, to tell a plain health probe from everything else."""

    def __init__(self, data: bytes) -> None:
        self.headers: list[tuple[bytes, bytes]] = []
        self.complete = False
        self._parser = httptools.HttpRequestParser(self)
        with suppress(httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._parser.feed_data(data)

    def on_header(self, name: bytes, value: bytes | None) -> None:
        self.headers.append((name.lower(), value or b""))

    def on_message_complete(self) -> None:
        self.complete = True

    @property
    def plain(self) -> bool:
        """It is whole, and nothing about it takes more than an answer."""
        names = [name for name, _ in self.headers]
        odd = {b"content-length", b"transfer-encoding", b"expect", b"upgrade"}
        return self.complete and names.count(b"host") == 1 and not odd & set(names)

    @property
    def keep_alive(self) -> bool:
        """The client goes on with the connection."""
        return bool(self._parser.should_keep_alive())


class Front:
    """The process's loop.

    Args:
        listeners: the listening sockets.
        channel: where connections go to the workers.
        readiness: which workers are ready.
        settings: how long a silent connection is kept.
        environ: of the process.
    """

    def __init__(
        self,
        listeners: Sequence[socket.socket],
        channel: socket.socket,
        readiness: Readiness,
        settings: HostSettings,
        environ: Mapping[str, str],
    ) -> None:
        self._listeners = {listener.fileno(): listener for listener in listeners}
        self._channel = channel
        self._readiness = readiness
        self._patience = settings.idle_seconds
        self._environ = environ
        self._silent: dict[int, tuple[socket.socket, float]] = {}
        self._waiting: deque[socket.socket] = deque()
        self._epoll = select.epoll()
        self._stopping = False

    def run(self) -> None:
        """Serve until SIGTERM or until the arbiter is gone; then hand over what has come."""
        parent = os.getppid()
        signal.signal(signal.SIGTERM, self._stop)
        for listener in self._listeners.values():
            listener.setblocking(False)
            self._epoll.register(listener, select.EPOLLIN)
        self._channel.setblocking(False)
        looked = time.monotonic()
        while not self._stopping and os.getppid() == parent:
            # Only while something waits: the channel is writable nearly always.
            patience = 0.01 if self._waiting else TICK_SECONDS
            for number, _ in self._epoll.poll(patience):
                self._ready(number)
            self._flush()
            if time.monotonic() - looked > TICK_SECONDS:
                looked = time.monotonic()
                self._drop_silent(looked - self._patience)
        self._finish()

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def _ready(self, number: int) -> None:
        if number in self._listeners:
            self._accept(self._listeners[number])
        else:
            connection, _ = self._silent.pop(number)
            self._epoll.unregister(number)
            self._look(connection)

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):  # taken back by the client, or none left
            while True:
                connection, _ = listener.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                connection.setblocking(False)
                self._look(connection)

    def _look(self, connection: socket.socket) -> None:
        try:
            data = connection.recv(PEEKED_BYTES, socket.MSG_PEEK)
        except BlockingIOError:
            self._silent[connection.fileno()] = connection, time.monotonic()
            self._epoll.register(connection, select.EPOLLIN)
            return
        except OSError:
            data = b""
        if not data:
            connection.close()
        elif not (data.startswith(PROBE) and self._answer(connection, data)):
            self._waiting.append(connection)
            self._flush()

    def _answer(self, connection: socket.socket, data: bytes) -> bool:
        """Answer one plain health probe; tell whether it was one."""
        if not self._readiness.any():
            return False
        data = data[: data.find(b"\r\n\r\n") + 4]
        probe = Probe(data)
        answer = health(probe.headers, self._environ) if probe.plain else None
        if answer is None:
            return False
        try:
            connection.recv(len(data))
            connection.send(whole(answer, "GET", keep_alive=probe.keep_alive, version="1.1"))
        except OSError:
            connection.close()
            return True
        if probe.keep_alive:
            self._look(connection)
        else:
            connection.close()
        return True

    def _flush(self) -> None:
        while self._waiting:
            connection = self._waiting[0]
            try:
                socket.send_fds(self._channel, [b"c"], [connection.fileno()])
            except BlockingIOError:
                return
            self._waiting.popleft().close()

    def _drop_silent(self, before: float) -> None:
        for number, (connection, since) in list(self._silent.items()):
            if since < before:
                self._epoll.unregister(number)
                del self._silent[number]
                connection.close()

    def _finish(self) -> None:
        """Take what the kernel has accepted already, and give all of it away."""
        for listener in self._listeners.values():
            self._accept(listener)
            listener.close()
        self._channel.setblocking(True)
        self._flush()
