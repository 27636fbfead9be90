"""One script without a server: `python -m studio_runtime`, a job in, its answer out, as JSON.

    in   {"script": PATH, "bundle": PATH, "config": PATH}                  is it served at all?
         the same with "query": {NAME: [VALUE]} and "body": TEXT           what does it answer?
    out  {"tables": 2, "network": ""}
         {"status": 200, "answer": {...}}
         {"refused": "why it is not served"}

`python -m deploy studio` and `check` start it; what the script logs goes to standard error.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from scoring.errors import ServiceError

from studio_runtime.errors import StudioError
from studio_runtime.script import Files
from studio_runtime.service import Service


def main() -> None:
    """Do the job on standard input."""
    job = json.load(sys.stdin)
    paths = [Path(job[name]).absolute() for name in ("script", "bundle", "config")]
    try:
        service = Service(Files(*paths))
    except ServiceError as error:
        answer: dict[str, Any] = {"refused": str(error)}
    else:
        try:
            answer = _asked(service, job)
        finally:
            service.close()
    json.dump(answer, sys.stdout)


def _asked(service: Service, job: dict[str, Any]) -> dict[str, Any]:
    if "body" not in job:
        return {"tables": service.tables, "network": service.network}
    try:
        content = service.score(job.get("query", {}), job["body"].encode())
    except StudioError as error:
        return {"status": int(error.status), "answer": error.body()}
    return {"status": 200, "answer": json.loads(content)}


if __name__ == "__main__":
    main()
