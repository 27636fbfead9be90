"""`submit` and `register`: scripts and models go to Azure ML."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated, Literal

import typer
from azure_ml import (
    AzureFailed,
    Job,
    NotRegistered,
    command_job,
    latest,
    own_job,
    submit_v1,
    submit_v2,
    sweep_job,
)
from azure_ml import register as register_model
from azure_ml.jobs import TRAINING
from comparison import NotCompared, compare
from saying import console
from tabular import check_target, read_table

from commands.options import explained


def submit(
    arguments: Annotated[list[str] | None, typer.Argument(help="for the script, after --")] = None,
    script: Annotated[
        Path | None, typer.Option(help="any script (default: the diabetes training)")
    ] = None,
    sdk: Literal["v1", "v2"] = "v2",
    compute: Annotated[str, typer.Option(help="a cluster's name")] = "local",
    environment: Annotated[
        str | None, typer.Option(help="a curated environment, NAME or NAME:VERSION")
    ] = None,
    conda_file: Annotated[
        Path | None, typer.Option(help="what it installs (default: env.yml beside the script)")
    ] = None,
    search: Annotated[
        list[str] | None,
        typer.Option(help="run it once for each choice: alpha=0.01:10:log", metavar="NAME=RANGE"),
    ] = None,
    metric: Annotated[str, typer.Option(help="of a search, as the script logs it")] = "mse",
    goal: Literal["minimize", "maximize"] = "minimize",
    trials: Annotated[int, typer.Option(help="of a search", min=1)] = 20,
) -> None:
    """Run any script on Azure ML's compute, as it is, and show what it prints."""
    job = _job(script, arguments or [], compute, environment, conda_file)
    if search and sdk == "v1":
        raise typer.BadParameter("--search needs --sdk v2")
    try:
        if search:
            from azure_ml.spaces import azure_space

            with explained():
                space = azure_space(search)
            print(submit_v2(sweep_job(job, space, trials, metric, goal)))
        elif sdk == "v1":
            print(submit_v1(job))
        else:
            print(submit_v2(command_job(job) if script or environment else own_job(job)))
    except AzureFailed as error:
        raise SystemExit(str(error)) from None


def register(
    name: Annotated[str, typer.Option(help="the model's name in the workspace")],
    model: Annotated[Path, typer.Option(help="output folder, or the model file in it")] = Path(
        "outputs"
    ),
    better_on: Annotated[
        Path | None, typer.Option(help="held-out rows: only if it beats the registered one on them")
    ] = None,
    target: Annotated[str | None, typer.Option(help="their column to predict")] = None,
    metric: Annotated[str | None, typer.Option(help="scikit-learn's name of a scorer")] = None,
) -> None:
    """Register a model that was trained; with --better-on only if it is better.

    The last line says what holds: "registered NAME:VERSION", or "kept NAME:VERSION".
    """
    if (better_on is None) != (target is None):
        raise typer.BadParameter("--better-on and --target belong together")
    try:
        kept, tags = (
            _compared(name, model, better_on, target, metric)
            if better_on and target
            else (None, {})
        )
        if kept is not None:
            print(f"kept {kept}")
            return
        registered = register_model(name, model, tags)
    except (NotCompared, NotRegistered) as error:
        console.print(str(error), markup=False)
        raise typer.Exit(2) from None
    except AzureFailed as error:
        raise SystemExit(str(error)) from None
    print(f"registered {registered.name}:{registered.version}")


def _compared(
    name: str, model: Path, rows: Path, target: str, metric: str | None
) -> tuple[str | None, dict[str, str]]:
    """Return which model stays, if one does, and the tags of the one that is registered."""
    with explained(rows):
        df, said = read_table(rows)
        console.print(f"{rows}: {said}", markup=False)
        df, _ = check_target(df, target)
    with tempfile.TemporaryDirectory() as folder:
        found = latest(name, Path(folder))
        if found is None:
            print(f"no model {name} is registered yet")
            return None, {"compared_with": "nothing: the first"}
        old_name, old = found
        result = compare(model, old, old_name, df.drop(columns=target), df[target], metric)
    print(result)
    return (None, result.tags()) if result.better else (old_name, {})


def _job(
    script: Path | None,
    arguments: list[str],
    compute: str,
    environment: str | None,
    conda_file: Path | None,
) -> Job:
    if script is None:
        conda = conda_file or TRAINING / "env.yml"
        return Job(arguments=("train", *arguments), compute=compute, environment=environment,
                   conda_file=conda)  # fmt: skip
    if not script.is_file():
        raise typer.BadParameter(f"--script {script}: there is no such file")
    beside = script.resolve().parent / "env.yml"
    conda = conda_file or (beside if beside.is_file() else TRAINING / "env.yml")
    if not conda.is_file():
        raise typer.BadParameter(f"--conda-file {conda}: there is no such file")
    return Job(script, arguments, compute, environment, conda, script.stem)
