"""Write the Swagger of an entry script as code generators like it.

python -m deploy.cli.swagger --entry score/score.py --model-dir models/diabetes/1 --out score

The entry script is started under Azure's own server, asked for what it publishes and for an
answer to its own example. azmlinfsrv serves the files instead of its own document when they lie
in its app root; docs/swagger.md says in which Azure layouts that is the case.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Collection
from pathlib import Path

import requests

from deploy.checks.privacy import Undeclared, private_values, private_words, synthetic_fields
from deploy.contract.inspection import CannotDescribe, bare_server, documents, inspect, service_root
from deploy.contract.static_files import write
from deploy.openapi.document import Service
from deploy.servers.azmlinfsrv import ServerFailed, check_paths

#: Doors with a sample model of their own, as in the Makefile.
SAMPLE_MODELS = {"image": "digits", "classifier": "iris"}


def sample_model(entry: Path) -> Path:
    """Return the folder of the sample model of one of the project's doors."""
    return Path("models") / SAMPLE_MODELS.get(entry.stem, "diabetes") / "1"


def _private(service: Service, allowed: Collection[str]) -> list[str]:
    samples = {"request": service.request_example, "answer": service.answer_example}
    schemas = {"request": service.request, "answer": service.answer}
    return [*private_values(samples, allowed), *private_words(schemas, allowed)]


def main() -> int:
    """Write the documents; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m deploy.cli.swagger", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--entry", type=Path, required=True, help="the entry script")
    parser.add_argument("--model-dir", type=Path, help="the folder of the model (the sample's)")
    parser.add_argument("--out", type=Path, help="folder to write to (build/swagger/<entry>)")
    parser.add_argument("--url", default="", help="the service's address, for servers and host")
    args = parser.parse_args()
    model_dir = args.model_dir or sample_model(args.entry)
    try:
        service_root(args.url)
        check_paths(args.entry, model_dir)
        with bare_server(args.entry, model_dir) as server:
            service = inspect(server, args.url)
        private = _private(service, synthetic_fields(args.entry))
    except (ServerFailed, CannotDescribe, Undeclared, requests.RequestException) as error:
        print(error, file=sys.stderr)
        return 1
    if private:
        print("\n".join(private), file=sys.stderr)
        return 1
    files = documents(service, args.entry.stem, os.environ)
    for path in write(files, args.out or Path("build") / "swagger" / args.entry.stem):
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
