"""A worker's I/O thread: an event loop that takes connections and keeps HTTP off run()'s thread."""

from __future__ import annotations

import array
import asyncio
import logging
import signal
import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import uvloop

from host.messages import Request
from host.protocol import Connection
from host.settings import HostSettings

#: A worker that is busy leaves a new connection this long to one that is not.
COURTESY_SECONDS = 0.005

#: While a worker ends, a connection that says nothing for so long is closed.
DRAIN_SECONDS = 1.0

TICK_SECONDS = 0.25

access = logging.getLogger("gunicorn.access")


class IoThread:
    """The thread and its loop; an `Engine` to its connections.

    Args:
        channel: where the front's connections come from.
        settings: the limits.
        environ: of the process.
        put: takes a request for the main thread.
        workers: how many read the channel.
    """

    logger = logging.getLogger("azmlinfsrv")

    def __init__(
        self,
        channel: socket.socket,
        settings: HostSettings,
        environ: Mapping[str, str],
        put: Callable[[tuple[Connection, Request]], None],
        workers: int,
    ) -> None:
        self.settings = settings
        self.environ = environ
        self.connections: set[Connection] = set()
        self.draining = False
        self.drained = threading.Event()
        self._channel = channel
        self._put = put
        self._alone = workers == 1
        self._unanswered = 0
        self._loop = uvloop.new_event_loop()
        self._thread = threading.Thread(target=self._serve, name="host-io", daemon=True)

    # -- called by the main thread --------------------------------------------------

    def start(self) -> None:
        """Begin to take connections."""
        self._thread.start()

    def call(self, function: Callable[..., Any], *args: Any) -> None:
        """Have the I/O thread call this."""
        self._loop.call_soon_threadsafe(function, *args)

    def drain(self) -> None:
        """Take what is in the channel, answer everything, close; `drained` is set then."""
        self.call(self._drain)

    def done(self) -> None:
        """Count a request that needs no answer any more."""
        self.call(self._count_down)

    def stop(self) -> None:
        """End the thread."""
        self.call(self._loop.stop)
        self._thread.join()

    # -- in the I/O thread ----------------------------------------------------------

    def submit(self, connection: Connection, request: Request) -> None:
        """Have the main thread answer the request."""
        self._unanswered += 1
        request.submitted = True
        self._put((connection, request))

    def log(self, request: Request, status: int, length: int | None) -> None:
        """Leave the line that gunicorn leaves under azmlinfsrv: none for a health probe."""
        if request.submitted:
            self._count_down()
        if request.target == b"/" and request.method == "GET":
            return
        said = f"{request.method} {request.target.decode('latin-1')} HTTP/{request.version}"
        when = time.strftime("[%d/%b/%Y:%H:%M:%S +0000]", time.gmtime())
        size = "-" if length is None else str(length)
        agent = (request.header(b"user-agent") or b"-").decode("latin-1")
        referer = (request.header(b"referer") or b"-").decode("latin-1")
        access.info(
            '%s - - %s "%s" %s %s "%s" "%s"', request.peer, when, said, status, size, referer, agent
        )

    def _count_down(self) -> None:
        self._unanswered -= 1

    def _serve(self) -> None:
        # Signals are the main thread's: one that the kernel gives to this thread would not wake
        # run() out of a blocking call.
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        asyncio.set_event_loop(self._loop)
        self._channel.setblocking(False)
        self._loop.add_reader(self._channel, self._offered)
        self._tick()
        self._loop.run_forever()
        self._loop.close()

    def _offered(self) -> None:
        if self._alone or not self._unanswered:
            self._take()
            return
        self._loop.remove_reader(self._channel)
        self._loop.call_later(COURTESY_SECONDS, self._take_late)

    def _take_late(self) -> None:
        if self._take() or not self.draining:
            self._loop.add_reader(self._channel, self._offered)

    def _take(self) -> bool:
        """Take one connection from the channel; tell whether there was one."""
        numbers = array.array("i")
        with suppress(BlockingIOError):
            _, ancillary, _, _ = self._channel.recvmsg(1, socket.CMSG_SPACE(numbers.itemsize))
            for _, _, data in ancillary:
                numbers.frombytes(data)
        for number in numbers:
            self._adopt(socket.socket(fileno=number))
        return bool(numbers)

    def _adopt(self, taken: socket.socket) -> None:
        try:
            peer = str(taken.getpeername()[0])
        except OSError:  # gone already
            taken.close()
            return
        taken.setblocking(False)
        connect = self._loop.connect_accepted_socket(lambda: Connection(self, peer), taken)
        task = self._loop.create_task(connect)
        self._adopting.add(task)
        task.add_done_callback(self._adopted)

    def _adopted(self, task: asyncio.Task[Any]) -> None:
        self._adopting.discard(task)
        if error := task.exception():
            self.logger.error("A connection could not be taken", exc_info=error)

    #: The loop keeps only weak references to its tasks.
    _adopting: set[asyncio.Task[Any]] = set()  # noqa: RUF012 - one thread a process

    def _tick(self) -> None:
        now = time.monotonic()
        patience = DRAIN_SECONDS if self.draining else self.settings.idle_seconds
        for connection in list(self.connections):
            connection.look(now, patience)
        if self.draining and not self.connections and not self._adopting:
            self.drained.set()
        self._loop.call_later(TICK_SECONDS, self._tick)

    def _drain(self) -> None:
        while self._take():
            pass
        self._loop.remove_reader(self._channel)
        self.draining = True
