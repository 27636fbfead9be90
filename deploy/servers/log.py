"""What a log of Azure's server says: why it did not start, what went wrong last."""

from __future__ import annotations

import re
from pathlib import Path

#: What azmlinfsrv prints between the cause of a failure and its own account of it.
CAUSE_END = "The above exception was the direct cause"

#: How many lines of a log are shown when nothing in it looks like an error.
TAIL_LINES = 15

ERROR_LINE = re.compile(r"Traceback|^\w*(Error|Exception)\b|\b(ERROR|CRITICAL)\b", re.MULTILINE)


def explain(log: str, entry: Path) -> str:
    """Return why the server did not start: what the entry script raised, without traceback.

    Args:
        log: what the server printed.
        entry: the entry script, to be named.
    """
    # The last one: what the script raised may have a cause of its own.
    cause = log.rsplit(CAUSE_END, maxsplit=1)[0]
    step = "init()" if "Invoking user's init function" in log else "loading"
    # The exception follows the last line of its traceback, which is indented.
    pattern = re.compile(r"^(?:\w+\.)*(\w+): (.*)", re.MULTILINE | re.DOTALL)
    found = pattern.findall(cause.rpartition('  File "')[2])
    if not found:
        last = log.strip().splitlines()[-1:] or ["it printed nothing"]
        return f"{entry.name} could not be served: {last[0]}"
    kind, message = found[0]
    return f"{step} of {entry.name} failed with {kind}: {message.strip()}"


def relevant_lines(log: str) -> str:
    """Return the part of a log that tells what went wrong: its last error, or its end."""
    # What follows is azmlinfsrv's own account of the same failure.
    log = log.partition(CAUSE_END)[0]
    found = [match.start() for match in ERROR_LINE.finditer(log)]
    lines = log[found[-1] :].splitlines() if found else log.splitlines()
    if found:
        before = log[: found[-1]].splitlines()[-3:]
        return "\n".join([*before, *lines[:TAIL_LINES]])
    return "\n".join(lines[-TAIL_LINES:])
