"""The plain script and score.py, under azmlinfsrv and under the faster host: CPU time and speed.

python -m bench.hosts

CPU time is the whole process tree's, by the kernel's account, for each answered request; so what
another program does at the same time counts little. All are measured in turns, each round in
another order, and the reference once more beside itself: its ratio tells how far to believe the
others.
"""

from __future__ import annotations

import argparse
import random
import time
from contextlib import ExitStack
from statistics import median

import psutil

from bench import machine
from bench.load import load
from bench.request import PLAIN
from bench.service import ENTRY, MODEL, body
from deploy.servers.azmlinfsrv import HOSTS, Server

#: What is measured, the reference first.
SERVED = [
    ("plain script, azmlinfsrv", PLAIN, "azmlinfsrv"),
    ("the same again", PLAIN, "azmlinfsrv"),
    ("score.py, azmlinfsrv", ENTRY, "azmlinfsrv"),
    ("plain script, faster host", PLAIN, "fast"),
    ("score.py, faster host", ENTRY, "fast"),
]
assert {host for _, _, host in SERVED} == set(HOSTS)


def cpu_seconds(pid: int) -> float:
    """Return the processor time of a process and everything below it so far."""
    process = psutil.Process(pid)
    times = [each.cpu_times() for each in [process, *process.children(recursive=True)]]
    return float(sum(each.user + each.system for each in times))


def cpu_per_request(server: Server, request: bytes, seconds: int) -> tuple[float, float]:
    """Return microseconds of processor time for each request, and requests per second."""
    before, started = cpu_seconds(server.pid), time.perf_counter()
    figures = load(server.score_url, request, seconds=seconds)
    used, passed = cpu_seconds(server.pid) - before, time.perf_counter() - started
    return 1e6 * used / (figures.requests_per_second * passed), figures.requests_per_second


def measure(rows: int, rounds: int, seconds: int) -> None:
    """Measure one size of request and print a line for each."""
    results: dict[str, list[tuple[float, float]]] = {name: [] for name, _, _ in SERVED}
    with ExitStack() as stack:
        servers = {
            name: stack.enter_context(Server(entry, MODEL, host=host))
            for name, entry, host in SERVED
        }
        for server in servers.values():
            load(server.score_url, body(rows), seconds=1)  # warm up
        for _ in range(rounds):
            for name in random.sample(list(servers), len(servers)):
                results[name].append(cpu_per_request(servers[name], body(rows), seconds))
    reference = results[SERVED[0][0]]
    for name, figures in results.items():
        cpu = [used for used, _ in figures]
        ratios = [there[0] / here[0] for there, here in zip(reference, figures, strict=True)]
        rates = [here[1] / there[1] for there, here in zip(reference, figures, strict=True)]
        print(
            f"{rows:>5} {name:<26} {median(cpu):>8.0f} {median(ratios):>6.2f} "
            f"({min(ratios):.2f}-{max(ratios):.2f}) {median(rates):>8.2f}"
        )


def main() -> None:
    """Measure in several rounds; print medians, and the ratios' range."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=2, help="of load in each round")
    args = parser.parse_args()
    print(machine.describe())
    print(f"\n1 worker, 1 connection; medians of {args.rounds} rounds")
    print(f"{'rows':>5} {'served':<26} {'CPU us':>8} {'times as little':>15} {'rate':>8}")
    for rows in (1, 1000):
        measure(rows, args.rounds, args.seconds)


if __name__ == "__main__":
    main()
