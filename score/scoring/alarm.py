"""Telling the server's own alarm from a timeout of the model's.

The server ends a `run()` that takes longer than `SCORING_TIMEOUT_MS` with a signal (SIGALRM), whose
handler raises a bare `TimeoutError` wherever `run()` happens to be. A socket of the model's raises
the same class, long before. What differs is where it was raised: in the handler of that signal.
"""

from __future__ import annotations

import signal
import traceback


def is_alarm(error: BaseException) -> bool:
    """Tell whether an error is the server's alarm.

    Args:
        error: what was raised in `run()`, with its traceback; the handler is still in place.
    """
    if not isinstance(error, TimeoutError):
        return False
    # Windows has no such signal, so the server there has no alarm.
    number = getattr(signal, "SIGALRM", None)
    handler = None if number is None else getattr(signal.getsignal(number), "__code__", None)
    raised_in = [frame.f_code for frame, _ in traceback.walk_tb(error.__traceback__)][-1]
    return raised_in is handler
