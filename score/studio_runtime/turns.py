"""Turns: how many scripts of one service run at once, over all of its workers.

A place is a name in Linux' abstract socket namespace (man 7 unix): whoever binds it has it,
and it is free again when the process ends, however that happens. No file is left behind.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from studio_runtime.errors import Busy

#: How often a waiting request looks. Scripts run for tens of milliseconds at least.
PAUSE_SECONDS = 0.01


class Turns:
    """The places of a service.

    Args:
        service: tells services on one machine apart.
        places: how many there are.
        seconds: how long a request waits for one.
    """

    def __init__(self, service: str, places: int, seconds: float) -> None:
        self._names = [f"\0studio-{service}-{i}" for i in range(places)]
        self._seconds = seconds
        self._own = Lock()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a place and hold it; a process has one at a time.

        Raises:
            Busy: none was free in time.
        """
        deadline = time.monotonic() + self._seconds
        if not self._own.acquire(timeout=self._seconds):
            raise self._busy()
        try:
            place = self._place(deadline)
            try:
                yield
            finally:
                place.close()
        finally:
            self._own.release()

    def _place(self, deadline: float) -> socket.socket:
        while True:
            for name in self._names:
                place = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
                try:
                    place.bind(name)
                except OSError:
                    place.close()
                else:
                    return place
            if time.monotonic() >= deadline:
                raise self._busy()
            time.sleep(PAUSE_SECONDS)

    def _busy(self) -> Busy:
        return Busy(
            f"{len(self._names)} requests are being scored and none ended within "
            f"{self._seconds:g} seconds. Send it again later."
        )
