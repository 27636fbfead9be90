"""A million rows through the Python client, beside the loop that one writes at first.

python -m bench.client        (a minute and a quarter for each round on two cores)

The loop posts the same chunks one after the other with `requests`. Both run against the same
service, in a process of their own each, taking turns; memory is the peak of that process
above what it held when the table was there.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pandas as pd

from bench import machine
from deploy.servers.azmlinfsrv import Server

ROOT = Path(__file__).resolve().parent.parent
CHUNK_ROWS = 2000
WORKERS = 2

#: The service answers a chunk in tens of milliseconds; this is for a machine that is busy.
TIMEOUT_SECONDS = 120


def naive(url: str, frame: pd.DataFrame) -> list[Any]:
    """Score chunk by chunk, as a first script does."""
    import requests

    results: list[Any] = []
    for start in range(0, len(frame), CHUNK_ROWS):
        rows = frame.iloc[start : start + CHUNK_ROWS].to_dict("records")
        body = {"Inputs": {"data": rows}}
        answer = requests.post(url, json=body, timeout=TIMEOUT_SECONDS)
        answer.raise_for_status()
        results += answer.json()["Results"]
    return results


def client(url: str, frame: pd.DataFrame) -> Any:
    """Score by the client."""
    sys.path.insert(0, str(ROOT / "clients" / "python" / "src"))
    from scoring_client import ScoringClient

    with ScoringClient(url, chunk_rows=CHUNK_ROWS, progress=False) as scoring:
        return scoring.score(frame)


WAYS: dict[str, Callable[[str, pd.DataFrame], Any]] = {"loop": naive, "client": client}


def table(rows: int) -> pd.DataFrame:
    """Return rows like the diabetes data: ten floats."""
    columns = ["age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6"]
    return pd.DataFrame(np.random.default_rng(0).normal(0, 0.05, (rows, 10)), columns=columns)


def peak_mib() -> float:
    """Return the most memory this process has held, in MiB.

    Linux's own figure for this program: `ru_maxrss` begins with what the parent process held.
    """
    status = Path("/proc/self/status").read_text()
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(peak.split()[1]) / 1024


def child(way: str, url: str, rows: int) -> None:
    """Score in this process; print seconds, memory and a checksum as JSON."""
    frame = table(rows)
    before, started = peak_mib(), time.perf_counter()
    results = WAYS[way](url, frame)
    seconds = time.perf_counter() - started
    assert len(results) == rows
    measured = {"seconds": seconds, "mib": peak_mib() - before, "sum": float(np.sum(results))}
    print(json.dumps(measured))


def measure(way: str, url: str, rows: int) -> dict[str, float]:
    """Return what a process of its own measured."""
    command = [sys.executable, "-m", "bench.client", "--rows", str(rows), "--way", way]
    run = subprocess.run(
        [*command, "--url", url], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    measured: dict[str, float] = json.loads(run.stdout)
    return measured


def main() -> None:
    """Print seconds and memory of both ways, medians of the rounds, and their ratio."""
    parser = argparse.ArgumentParser(prog="python -m bench.client", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    args, _ = parser.parse_known_args()
    if args.way:
        child(args.way, args.url, args.rows)
        return
    entry, model_dir = ROOT / "score" / "score.py", ROOT / "models" / "diabetes" / "1"
    with Server(entry, model_dir, workers=WORKERS) as server:
        runs = [
            {way: measure(way, server.score_url, args.rows) for way in WAYS}
            for _ in range(args.rounds)
        ]
    for run in runs:
        assert np.isclose(run["loop"]["sum"], run["client"]["sum"])
    print(f"\n{args.rows} rows in chunks of {CHUNK_ROWS}, {WORKERS} workers; {args.rounds} rounds")
    for way in WAYS:
        seconds = median(run[way]["seconds"] for run in runs)
        mib = median(run[way]["mib"] for run in runs)
        print(f"  {way:8} {seconds:8.1f} s   {mib:6.0f} MiB above the table")
    ratio = median(run["loop"]["seconds"] / run["client"]["seconds"] for run in runs)
    print(f"  the client takes 1/{ratio:.2f} of the loop's time")
    print(machine.describe())


if __name__ == "__main__":
    main()
