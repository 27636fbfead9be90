"""Train one pipeline, or search for the best: read, evaluate, package, report."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from optuna.distributions import BaseDistribution
from saying import console, say_packages, say_warnings
from scoring_model import save_model
from scoring_model.folders import made
from tabular import CsvOptions, Task, check_target, read_table

from pipelines.estimators import choose_task, make_pipeline
from pipelines.evaluation import METRICS, evaluate, folding, hold_out
from pipelines.report import write_report
from pipelines.search import search
from pipelines.space import described


@dataclass(frozen=True)
class Job:
    """What is to be trained, read and checked.

    Attributes:
        X, y: all rows.
        task: what for.
        said: what was read, in one line.
    """

    X: pd.DataFrame
    y: pd.Series
    task: Task
    said: str


def train(
    job: Job, estimator: str | None, parameters: dict[str, Any], output: Path, folds: int, seed: int
) -> None:
    """Train with these parameters."""
    pipeline = make_pipeline(job.task, estimator, parameters, seed)
    finish(job, pipeline, output, folds=folds, seed=seed, parameters=parameters)


def sweep(
    job: Job,
    estimator: str | None,
    fixed: dict[str, Any],
    space: Mapping[str, BaseDistribution],
    output: Path,
    *,
    trials: int,
    folds: int,
    seed: int,
) -> None:
    """Search the space, then train with the best and keep a table of all trials."""

    def make(chosen: Mapping[str, Any]) -> Any:
        return make_pipeline(job.task, estimator, {**fixed, **chosen}, seed)

    make(dict.fromkeys(space))  # every name is known before anything is tried
    X, _, y, _ = hold_out(job.X, job.y, job.task, seed)
    study = search(
        make, space, X, y, cut=folding(y, job.task, folds, seed),
        scoring=METRICS[job.task][0], trials=trials, seed=seed,
    )  # fmt: skip
    table = study.trials_dataframe(attrs=("number", "value", "params", "user_attrs"))
    parameters = fixed | study.best_params
    finish(
        job, make(study.best_params), output, folds=folds, seed=seed,
        parameters=parameters | {"searched": described(space), "trials": trials},
        also=lambda folder: table.to_csv(folder / "trials.csv", index=False),
    )  # fmt: skip


def read(
    data: Path, target: str, options: CsvOptions, estimator: str | None, task: str | None
) -> Job:
    """Read and check a table, and say what was read.

    Raises:
        BadData: it cannot be trained on.
        BadEstimator: nothing tells whether to classify, or the estimator does the other.
    """
    df, said = read_table(data, options)
    console.print(f"{data}: {said}", markup=False)
    df, left_out = check_target(df, target)
    if left_out:
        console.print(f"left out, as they hold nothing: {', '.join(left_out)}", markup=False)
    y = df[target]
    return Job(df.drop(columns=target), y, choose_task(y, estimator, task), said)


def finish(
    job: Job,
    pipeline: Any,
    output: Path,
    *,
    folds: int,
    seed: int,
    parameters: dict[str, Any],
    also: Callable[[Path], object] = lambda _: None,
) -> None:
    """Evaluate, package, report, and print the metrics."""
    with made(output) as folder:
        evaluation = evaluate(pipeline, job.X, job.y, job.task, folds=folds, seed=seed)
        name = type(pipeline.steps[-1][1]).__name__
        details = {"estimator": name, **parameters, "seed": seed, "folds": folds}
        with say_warnings():
            save_model(
                evaluation.model, folder, job.X, job.y, by="python -m training",
                metrics=evaluation.metrics, parameters=details,
            )  # fmt: skip
        kinds = evaluation.model.steps[0][1].kind_to_columns_
        taken = {f"taken as {kind}": ", ".join(map(str, names)) for kind, names in kinds.items()
                 if names}  # fmt: skip
        write_report(
            folder / "report.html", evaluation, title=f"{name} for {job.y.name}", said=job.said,
            details=details | taken,
        )  # fmt: skip
        also(folder)
    say_packages(folder)
    console.print(f"look at {folder / 'report.html'}", markup=False)
    print(json.dumps(evaluation.metrics))
