"""The verb serve: the service on this machine, under Azure's own server or the faster host."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import requests
import typer

from deploy.checks.studio import own_sample
from deploy.cli import options as o
from deploy.cli.app import app, failures
from deploy.cli.output import Output
from deploy.contract.static_files import app_root
from deploy.errors import DeployError, UsageError
from deploy.servers.azmlinfsrv import HOSTS, Server, check_paths
from deploy.servers.log import relevant_lines
from deploy.smoke.sample import Sample, find_sample, swagger_of
from deploy.staging.models import ModelSource


def invitation(server: Server, entry: Path, model_dir: Path) -> str:
    """Return the text for the operator: the address, a request to paste and its answer.

    Args:
        server: the running server.
        entry: the script as the operator named it: its sample may lie beside it.
        model_dir: the model, beside which a Studio script has its sample.
    """
    own = own_sample(entry, [ModelSource("", model_dir)])
    sample = find_sample(entry, swagger_of(server.url), own)
    if not sample.origin:
        listens = f"{server.entry.name} listens at {server.score_url} (Ctrl-C stops it)"
        return f"{listens}\nNo request was tried: lay one as sample.json beside the script.\n"
    answer = sample.send(server.score_url)
    verb = "answers" if answer.ok else "listens"
    lines = [f"{server.entry.name} {verb} at {server.score_url} (Ctrl-C stops it)"]
    lines += ["", "Try it:", f"  {sample.curl(server.score_url, key=False)}"]
    lines += ["", *_expectation(answer, server, sample)]
    return "\n".join([*lines, ""])


def _expectation(answer: requests.Response, server: Server, sample: Sample) -> list[str]:
    if answer.ok:
        return [f"Expect {answer.status_code}:", f"  {answer.text}"]
    return [
        f"{server.entry.name} does not score its own sample, {answer.status_code}: {answer.text}",
        f"The sample is {sample.origin}.",
        *([relevant_lines(server.log())] if answer.status_code >= 500 else []),
        "The model in MODEL_DIR does not fit this entry script: change either.",
    ]


@app.command()
def serve(
    entry: o.ScriptOption,
    model_dir: o.ModelDirOption = None,
    port: Annotated[
        int, typer.Option("--port", help="Port on this machine; 0: a free one.")
    ] = 5001,
    workers: Annotated[int, typer.Option("--workers", help="Processes that score.")] = 1,
    host: Annotated[
        str, typer.Option("--host", help="azmlinfsrv, Azure's own server, or fast (docs/host.md).")
    ] = "azmlinfsrv",
    public: o.PublicOption = False,
) -> None:
    """Serve an entry script on this machine until Ctrl-C, with a request to paste."""
    out = Output()
    model = model_dir or o.sample_model(entry)
    with failures(out):
        check_paths(entry, model)
        if host not in HOSTS:
            raise UsageError(f"--host {host}: expected one of {', '.join(HOSTS)}.")
        print(f"Starting {entry} ...", flush=True)
        try:
            with (
                app_root(entry, os.environ, model) as root,
                Server(
                    entry,
                    model,
                    port=port,
                    workers=workers,
                    host=host,
                    app_root=root.folder,
                    environ=root.environ,
                    public=public,
                ) as server,
            ):
                print(invitation(server, entry, model), flush=True)
                if public:
                    print(o.EXPOSED, flush=True)
                for text in server.follow():
                    print(text, end="", flush=True)
        except KeyboardInterrupt:
            print("\nStopped.")
            return
        raise DeployError("The server ended by itself.")
