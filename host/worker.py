"""The worker: run() in the main thread, HTTP in another.

The main thread is where signals arrive, so azmlinfsrv's scoring timeout works, and where scripts
are at home that must not change threads. It reports to the arbiter between two requests: one that
takes longer than WORKER_TIMEOUT ends the worker, as under azmlinfsrv.
"""

from __future__ import annotations

import os
import time
from queue import Empty, SimpleQueue
from types import FrameType
from typing import Any

from gunicorn.workers.base import Worker

from host.io_thread import IoThread
from host.messages import Answer, Request
from host.protocol import Connection, pieces
from host.wsgi import answer_of

#: How often a worker with nothing to do reports that it lives.
REPORT_SECONDS = 1.0

Job = tuple[Connection, Request]


class ScoringWorker(Worker):  # type: ignore[misc] # gunicorn has no types
    """One process that scores."""

    def init_process(self) -> None:
        """Load the script, then serve."""
        self.jobs: SimpleQueue[Job | None] = SimpleQueue()
        # The front accepts; a listener kept open here would outlive the service.
        for listener in self.sockets:
            listener.close()
        self.sockets: list[Any] = []
        super().init_process()

    def handle_exit(self, _number: int, _frame: FrameType | None) -> None:
        """Finish what has come, then end (SIGTERM)."""
        self.alive = False
        self.jobs.put(None)  # wakes the main thread

    def run(self) -> None:
        """Score until told to end."""
        io = IoThread(self.app.take, self.app.settings, os.environ, self.jobs.put, self.cfg.workers)
        io.start()
        self.app.readiness.announce(self.age)
        while self.alive and self.ppid == os.getppid():
            self.notify()
            self._score_next(io)
        self.app.readiness.retire(self.age)
        io.drain()
        ends = time.monotonic() + self.cfg.graceful_timeout
        while not io.drained.is_set() and time.monotonic() < ends:
            self.notify()
            self._score_next(io, patience=0.05)
        io.stop()

    def _score_next(self, io: IoThread, patience: float = REPORT_SECONDS) -> None:
        try:
            job = self.jobs.get(timeout=patience)
        except Empty:
            return
        if job is not None:
            connection, request = job
            if connection.transport is None:
                io.done()
                return  # the client has gone; run() would work for nobody
            send(io, connection, request, answer_of(self.wsgi, request))


def send(io: IoThread, connection: Connection, request: Request, answer: Answer) -> None:
    """Give an answer to the I/O thread: whole, or piece by piece as the script makes them."""
    if isinstance(answer.body, bytes):
        io.call(connection.finish, request, answer)
        return
    io.call(connection.start, request, answer)
    broken = True
    try:
        for piece in pieces(answer.body):
            io.call(connection.piece, request, piece)
            # Not faster than the client reads; one that stops is cut by the idle limit.
            connection.writable.wait()
            if connection.transport is None:
                break
        else:
            broken = False
    except Exception:
        io.logger.exception("The answer broke off")
    finally:
        close: Any = getattr(answer.body, "close", None)
        if close is not None:
            close()
        io.call(connection.end, request, answer.status, broken)
