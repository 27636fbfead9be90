"""`make serve`: the service on this machine, under Azure's own server.

python -m deploy.cli.serve --entry score/score.py --model-dir models/diabetes/1
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path

import requests

from deploy.contract.static_files import app_root
from deploy.servers.azmlinfsrv import Server, ServerFailed, check_paths
from deploy.servers.log import relevant_lines
from deploy.smoke.sample import find_sample, swagger_of


def invitation(server: Server) -> str:
    """Return the text for the operator: the address, a request to paste and its answer."""
    lines = [f"{server.entry.name} answers at {server.score_url} (Ctrl-C stops it)"]
    sample = find_sample(server.entry, swagger_of(server.url), None)
    if sample.body is not None:
        lines += ["", "Try it:", f"  {sample.curl(server.score_url, key=False)}"]
        lines += ["", *_expectation(sample.send(server.score_url), server)]
    return "\n".join([*lines, ""])


def _expectation(answer: requests.Response, server: Server) -> list[str]:
    if answer.ok:
        return [f"Expect {answer.status_code}:", f"  {answer.text}"]
    return [
        f"{server.entry.name} does not score its own sample, {answer.status_code}: {answer.text}",
        *([relevant_lines(server.log())] if answer.status_code >= 500 else []),
        "The model in MODEL_DIR does not fit this entry script: change either.",
    ]


def main() -> int:
    """Serve until Ctrl-C; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m deploy.cli.serve", description=__doc__)
    parser.add_argument("--entry", type=Path, required=True, help="the entry script")
    parser.add_argument("--model-dir", type=Path, required=True, help="AZUREML_MODEL_DIR")
    parser.add_argument("--port", type=int, default=5001)
    parser.add_argument("--workers", type=int, default=1)
    args = parser.parse_args()
    # `kill` and a closing terminal end like Ctrl-C: through the server's own stop.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        check_paths(args.entry, args.model_dir)
        print(f"Starting {args.entry} ...", flush=True)
        with (
            app_root(args.entry, os.environ) as root,
            Server(
                args.entry,
                args.model_dir,
                port=args.port,
                workers=args.workers,
                app_root=root.folder,
                environ=root.environ,
            ) as server,
        ):
            print(invitation(server), flush=True)
            for text in server.follow():
                print(text, end="", flush=True)
        print("The server ended by itself.", file=sys.stderr)
    except ServerFailed as error:
        print(error, file=sys.stderr)
    except KeyboardInterrupt:
        print("\nStopped.")
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
