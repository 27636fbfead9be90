"""What a log of Azure's server says."""

from __future__ import annotations

from pathlib import Path

from deploy.servers.log import explain, relevant_lines


def test_explain_without_an_exception() -> None:
    """A server that dies without a traceback is quoted by its last line."""
    assert explain("one\ntwo\n", Path("x.py")) == "x.py could not be served: two"
    assert explain("", Path("x.py")) == "x.py could not be served: it printed nothing"


def test_relevant_lines_are_the_last_error() -> None:
    """Of a long log the last error is shown, with what led to it."""
    log = "\n".join([*(f"request {i}" for i in range(50)), "ValueError: wrong model", "request 51"])
    assert relevant_lines(log).splitlines() == [
        "request 47",
        "request 48",
        "request 49",
        "ValueError: wrong model",
        "request 51",
    ]


def test_relevant_lines_without_an_error() -> None:
    """A log without an error is shown by its end."""
    lines = relevant_lines("\n".join(f"request {i}" for i in range(50))).splitlines()
    assert (lines[0], lines[-1]) == ("request 35", "request 49")
