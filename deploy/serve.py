"""`make serve`: the service on this machine, under Azure's own server.

python -m deploy.serve --entry score/score.py --model-dir models/diabetes/1
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
from pathlib import Path
from typing import Any

import requests

from deploy.server import Server, ServerFailed

CONTRACT = Path(__file__).resolve().parent.parent / "clients" / "contract"

#: Seconds to wait for one answer of a service on this machine.
TIMEOUT_SECONDS = 60


def sample_request(server: Server) -> Any:
    """Return a request that the service accepts: the contract's, or its Swagger's example.

    None when the door has neither.
    """
    recorded = CONTRACT / server.entry.stem / "request.json"
    if recorded.is_file():
        return json.loads(recorded.read_text())
    document = requests.get(f"{server.url}/swagger.json", timeout=TIMEOUT_SECONDS).json()
    return document.get("definitions", {}).get("ServiceInput", {}).get("example") or None


def invitation(server: Server) -> str:
    """Return the text for the operator: the address, a request to paste and its answer."""
    lines = [f"{server.entry.name} answers at {server.score_url} (Ctrl-C stops it)"]
    request = sample_request(server)
    if request is not None:
        body = json.dumps(request)
        answer = requests.post(server.score_url, json=request, timeout=TIMEOUT_SECONDS)
        lines += [
            "",
            "Try it:",
            f"  curl {server.score_url} -H 'Content-Type: application/json' \\\n    -d '{body}'",
            "",
            f"Expect {answer.status_code}:",
            f"  {answer.text}",
        ]
    return "\n".join([*lines, ""])


def check_paths(entry: Path, model_dir: Path) -> None:
    """Refuse what cannot work before the server is started.

    Raises:
        ServerFailed: the entry script or the model folder is not there.
    """
    if not entry.is_file():
        there = sorted(str(path) for path in entry.parent.glob("*.py"))
        raise ServerFailed(f"No entry script {entry}. Found: {', '.join(there) or 'none'}.")
    if not model_dir.exists():
        raise ServerFailed(
            f"No model folder {model_dir}. Set MODEL_DIR= to the folder that holds the model."
        )


def main() -> int:
    """Serve until Ctrl-C; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m deploy.serve", description=__doc__)
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
        with Server(args.entry, args.model_dir, port=args.port, workers=args.workers) as server:
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
