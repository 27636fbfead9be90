"""score.py under azmlinfsrv: throughput, latency, start and memory.

python -m bench.service
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from statistics import median

import requests
from sklearn.datasets import load_diabetes

from bench import machine
from bench.load import load, medians
from deploy.servers.azmlinfsrv import Server

ROOT = Path(__file__).resolve().parent.parent
ENTRY = ROOT / "score" / "score.py"
MODEL = ROOT / "models" / "diabetes" / "1"

#: Requests before the memory is read: past the first allocations, short of an afternoon.
MEMORY_REQUESTS = 1000


def body(rows: int) -> bytes:
    """Return a request of `rows` patients of the diabetes data, repeated as needed."""
    patients = load_diabetes(as_frame=True).data.to_dict("records")
    data = [patients[i % len(patients)] for i in range(rows)]
    return json.dumps({"Inputs": {"data": data}}).encode()


def first_score_seconds() -> float:
    """Return the seconds from process start to the first scored request."""
    started = time.perf_counter()
    with Server(ENTRY, MODEL) as server:
        answer = requests.post(server.score_url, json=json.loads(body(1)), timeout=60)
        elapsed = time.perf_counter() - started
        answer.raise_for_status()
    return elapsed


def memory_mib() -> float:
    """Return the memory of the process tree after 1 000 requests of one row."""
    request = json.loads(body(1))
    with Server(ENTRY, MODEL) as server:
        for _ in range(MEMORY_REQUESTS):
            requests.post(server.score_url, json=request, timeout=60).raise_for_status()
        return machine.pss_mib(server.pid)


def main() -> None:
    """Measure in several rounds and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=5, help="of load in each round")
    args = parser.parse_args()
    print(machine.describe())
    print(f"\nscore.py under azmlinfsrv, 1 worker, 1 connection; medians of {args.rounds} rounds")
    print(f"{'rows':>6} {'requests/s':>12} {'p50 ms':>9} {'p99 ms':>9}")
    with Server(ENTRY, MODEL) as server:
        for rows in (1, 1000):
            request = body(rows)
            load(server.score_url, request, seconds=1)  # warm up
            rounds = [
                load(server.score_url, request, seconds=args.seconds) for _ in range(args.rounds)
            ]
            m = medians(rounds)
            print(f"{rows:>6} {m.requests_per_second:>12.1f} {m.p50_ms:>9.2f} {m.p99_ms:>9.2f}")
    start = median(first_score_seconds() for _ in range(args.rounds))
    memory = median(memory_mib() for _ in range(args.rounds))
    print(f"\nprocess start to first scored request: {start:.2f} s")
    print(f"memory (PSS of the process tree) after {MEMORY_REQUESTS} requests: {memory:.0f} MiB")


if __name__ == "__main__":
    main()
