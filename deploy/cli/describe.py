"""The verbs that write down what an entry script promises: swagger and contract.

The entry script is started under Azure's own server, asked for what it publishes and for an
answer to its own example. azmlinfsrv serves the files of `swagger` instead of its own document
when they lie in its app root; docs/swagger.md says in which Azure layouts that is the case.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path
from typing import Annotated

import typer

from deploy.checks.privacy import private_values, private_words, synthetic_fields
from deploy.checks.studio import own_sample
from deploy.cli import options as o
from deploy.cli.app import app, failures
from deploy.cli.output import Output
from deploy.contract.files import contract, write_contract
from deploy.contract.inspection import bare_server, documents, inspect, service_root
from deploy.contract.static_files import write
from deploy.errors import DeployError, UsageError
from deploy.openapi.document import Service
from deploy.servers.azmlinfsrv import check_paths
from deploy.staging.models import ModelSource

#: A folder for each door that has a contract.
CONTRACTS = Path("clients/contract")


@app.command()
def swagger(
    entry: o.ScriptOption,
    model_dir: o.ModelDirOption = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder to write to; build/swagger/ENTRY.")
    ] = None,
    url: Annotated[
        str, typer.Option("--url", help="The service's address, for servers and host.")
    ] = "",
) -> None:
    """Write the Swagger of an entry script as code generators like it; prints the files."""
    model = model_dir or o.sample_model(entry)
    with failures(Output()):
        service_root(url)
        check_paths(entry, model)
        with bare_server(entry, model) as server:
            service = inspect(server, url, own_sample(entry, [ModelSource("", model)]))
        private = _private(service, synthetic_fields(entry))
        if private:
            raise DeployError("\n".join(private))
        files = documents(service, entry.stem, os.environ, model)
        for path in write(files, out or Path("build") / "swagger" / entry.stem):
            print(path)


@app.command("contract")
def contract_command(
    entry: Annotated[
        list[Path] | None,
        typer.Option("--entry", help="A door; all that have a contract by default."),
    ] = None,
    model_dir: o.ModelDirOption = None,
    out: Annotated[Path, typer.Option("--out", help="Where each door has its folder.")] = CONTRACTS,
) -> None:
    """Take the contract that clients are made from out of the running service."""
    entries = entry or [Path("score") / f"{path.name}.py" for path in sorted(out.glob("*/"))]
    with failures(Output()):
        if model_dir and len(entries) != 1:
            raise UsageError("--model-dir is one door's: name it with one --entry.")
        if not entries:
            raise UsageError(f"{out} has no folder of a door: name one with --entry.")
        for script in entries:
            model = model_dir or o.sample_model(script)
            check_paths(script, model)
            with bare_server(script, model) as server:
                write_contract(out / script.stem, contract(server))
            print(out / script.stem, flush=True)


def _private(service: Service, allowed: Collection[str]) -> list[str]:
    samples = {"request": service.request_example, "answer": service.answer_example}
    schemas = {"request": service.request, "answer": service.answer}
    return [*private_values(samples, allowed), *private_words(schemas, allowed)]
