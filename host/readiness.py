"""Which workers are ready, for all processes to see: a page of shared memory."""

from __future__ import annotations

import mmap
import os

#: Far more workers than one machine runs; each has the place of its number modulo this.
PLACES = 256


class Readiness:
    """Made before the first fork; each worker writes its process number, the front reads them."""

    def __init__(self) -> None:
        self._view = memoryview(mmap.mmap(-1, PLACES * 4)).cast("i")

    def announce(self, number: int) -> None:
        """Say that this process, the worker of this number, answers from now on."""
        self._view[number % PLACES] = os.getpid()

    def retire(self, number: int) -> None:
        """Say that it does not any more."""
        self._view[number % PLACES] = 0

    def any(self) -> bool:
        """Tell whether some worker is ready and alive."""
        return any(map(_alive, filter(None, self._view.tolist())))


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
