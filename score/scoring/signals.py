"""Telling what the server's signals raise in `run()` from what the model raises.

The server ends a `run()` that takes longer than `SCORING_TIMEOUT_MS` with a signal, whose handler
raises a bare `TimeoutError` wherever `run()` happens to be; gunicorn ends a worker by a
`SystemExit` in the same way. A socket of the model's, or a library's `sys.exit()`, raises the same
classes and ought to end nothing. What differs is where they were raised: in a signal's handler.
"""

from __future__ import annotations

import signal
import traceback


def raised_by_signal(error: BaseException) -> bool:
    """Tell whether an error was raised by the handler of a signal, while that is in place."""
    handlers = map(signal.getsignal, signal.valid_signals())
    codes = [getattr(handler, "__code__", None) for handler in handlers]
    raised_in = [frame.f_code for frame, _ in traceback.walk_tb(error.__traceback__)]
    return raised_in[-1] in codes
