"""Load on a running service, by wrk."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median

SCRIPT = Path(__file__).with_name("load.lua")


class LoadFailed(Exception):
    """The load could not be made, or the service did not answer all of it with success."""


@dataclass(frozen=True)
class Load:
    """One round, or the medians of several.

    Attributes:
        requests_per_second: answered requests.
        p50_ms: median latency in milliseconds.
        p99_ms: 99th percentile.
    """

    requests_per_second: float
    p50_ms: float
    p99_ms: float


def load(url: str, body: bytes, *, seconds: int, content_type: str = "application/json") -> Load:
    """Send `body` for `seconds` over one connection at a time per worker.

    Args:
        url: where to POST.
        body: what to POST.
        seconds: how long.
        content_type: the body's type.

    Raises:
        LoadFailed: wrk is not installed, or an answer was no success.
    """
    if shutil.which("wrk") is None:
        raise LoadFailed("wrk is not installed: make system-packages")
    with tempfile.NamedTemporaryFile() as file:
        file.write(body)
        file.flush()
        environ = os.environ | {"BENCH_BODY": file.name, "BENCH_CONTENT_TYPE": content_type}
        command = ["wrk", "-t1", "-c1", f"-d{seconds}s", "--latency", "--timeout", "60s"]
        result = subprocess.run(
            [*command, "-s", str(SCRIPT), url],
            env=environ,
            capture_output=True,
            text=True,
            check=True,
        )
    figures = json.loads(result.stdout.strip().splitlines()[-1])
    if figures["errors"] or not figures["requests"]:
        raise LoadFailed(f"{url}: {figures['errors']} errors in {figures['requests']} requests")
    rate = figures["requests"] / figures["seconds"]
    return Load(rate, figures["p50_ms"], figures["p99_ms"])


def medians(rounds: list[Load]) -> Load:
    """Return the median of each figure over the rounds."""
    return Load(
        median(r.requests_per_second for r in rounds),
        median(r.p50_ms for r in rounds),
        median(r.p99_ms for r in rounds),
    )
