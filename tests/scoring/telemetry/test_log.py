"""The line that each request leaves."""

from __future__ import annotations

import json

from scoring.telemetry.log import request_line


def test_fields() -> None:
    """The line is one JSON object with id, status, time and rows."""
    line = request_line(request_id="r-1", status=200, milliseconds=1.23456, rows=3)
    assert json.loads(line) == {"request_id": "r-1", "status": 200, "ms": 1.235, "rows": 3}


def test_request_id_cannot_forge_a_line() -> None:
    """A line break in a request id stays inside its JSON string."""
    line = request_line(request_id='x"}\n{"status": 200', status=400, milliseconds=1, rows=None)
    assert "\n" not in line
    assert json.loads(line)["status"] == 400
