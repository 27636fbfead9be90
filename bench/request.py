"""A whole request to score.py, beside the same script written with inference-schema's types.

python -m bench.request

Both run under azmlinfsrv with the same model and get the same body, in turns; each connects
anew for every request, as the server closes each connection.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from bench import machine
from bench.load import Load, load, medians
from bench.service import ENTRY, MODEL, body
from deploy.servers.azmlinfsrv import Server

PLAIN = Path(__file__).resolve().parent / "entries" / "plain.py"


def main() -> None:
    """Measure in several rounds and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3, help="of load in each round")
    args = parser.parse_args()
    print(machine.describe())
    print(f"\nrequests under azmlinfsrv, 1 worker, 1 connection; medians of {args.rounds} rounds")
    print(f"{'rows':>6} {'plain types':>22} {'score.py':>22} {'times as fast':>14}")
    with Server(PLAIN, MODEL) as plain, Server(ENTRY, MODEL) as ours:
        for rows in (1, 1000):
            rounds: dict[Server, list[Load]] = {plain: [], ours: []}
            for server in (plain, ours):
                load(server.score_url, body(rows), seconds=1)  # warm up
            for _ in range(args.rounds):
                for server, results in rounds.items():
                    results.append(load(server.score_url, body(rows), seconds=args.seconds))
            theirs, here = (medians(results) for results in rounds.values())
            print(
                f"{rows:>6} {theirs.requests_per_second:>8.1f}/s {theirs.p50_ms:>8.2f} ms "
                f"{here.requests_per_second:>8.1f}/s {here.p50_ms:>8.2f} ms "
                f"{here.requests_per_second / theirs.requests_per_second:>14.2f}"
            )


if __name__ == "__main__":
    main()
