"""What the faster host does otherwise than azmlinfsrv, on purpose: one line each.

docs/host.md prints this table (the test compares), and `test_hosts.py` allows nothing else.
"""

from __future__ import annotations

from typing import NamedTuple


class Difference(NamedTuple):
    """One allowed difference.

    Attributes:
        request: the name of the case in `test_hosts.py`.
        azmlinfsrv: its status; what it lacks.
        fast: ours.
    """

    request: str
    azmlinfsrv: str
    fast: str


DIFFERENCES = [
    Difference("unknown path", "404 without ids", "404 with ids"),
    Difference("unknown method", "405 without ids and `Allow`", "405 with both"),
    Difference("raw PUT", "405 without ids and `Allow`", "405 with both"),
    Difference("wrong method for health", "405 without ids and `Allow`", "405 with both"),
    Difference("not UTF-8, schema", "500", "400"),
    Difference("nested deeply, schema", "500", "400"),
    Difference("integer of 5 000 digits", "500", "400"),
    Difference("gzip, schema", "500", "200"),
    Difference("no Host header", "200", "400"),
]


def table() -> str:
    """Return the table in Markdown."""
    rows = [f"| {d.request} | {d.azmlinfsrv} | {d.fast} |" for d in DIFFERENCES]
    return "\n".join(["| request | azmlinfsrv | the faster host |", "|---|---|---|", *rows])
