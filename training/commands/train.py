"""`train` and `sweep`: a model of one's own table, whatever its columns hold."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer
from pipelines.parameters import read_parameters
from tabular import CsvOptions

from commands.options import Decimal, Encoding, Na, Sep, Text, explained

Data = Annotated[Path, typer.Option(help="a .csv or .parquet file", metavar="FILE")]
Target = Annotated[str, typer.Option(help="its column to predict", metavar="COLUMN")]
Output = Annotated[Path, typer.Option(help="where everything goes", metavar="FOLDER")]
Estimator = Annotated[str | None, typer.Option(help="by its name in scikit-learn", metavar="CLASS")]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", help="a parameter of the estimator", metavar="NAME=VALUE"),
]
Search = Annotated[
    list[str],
    typer.Option("--search", help="such as max_iter=50:300 or alpha=0.01:10:log or kernel=a,b"),
]
Asked = Annotated[
    Literal["classification", "regression"] | None,
    typer.Option(help="where the target's values leave it open"),
]
Folds = Annotated[int, typer.Option(help="of the cross-validation", min=2)]
Seed = Annotated[int, typer.Option(help="the same seed, the same model", min=0, max=2**32 - 1)]
Trials = Annotated[int, typer.Option(help="how many are tried", min=1)]


def train(
    data: Data,
    target: Target,
    output: Output = Path("outputs"),
    estimator: Estimator = None,
    parameters: Set = None,
    task: Asked = None,
    folds: Folds = 5,
    seed: Seed = 0,
    sep: Sep = None,
    decimal: Decimal = None,
    encoding: Encoding = None,
    na: Na = None,
    text: Text = None,
) -> None:
    """Train on any table: numbers, words, dates, missing values.

    Leaves the model, ready to serve, and report.html.
    """
    options = CsvOptions(sep, decimal, encoding, tuple(na or ()), tuple(text or ()))
    with explained(data):
        from pipelines import run

        job = run.read(data, target, options, estimator, task)
        run.train(job, estimator, read_parameters(parameters or []), output, folds, seed)


def sweep(
    data: Data,
    target: Target,
    space: Search,
    output: Output = Path("outputs"),
    estimator: Estimator = None,
    parameters: Set = None,
    task: Asked = None,
    trials: Trials = 30,
    folds: Folds = 5,
    seed: Seed = 0,
    sep: Sep = None,
    decimal: Decimal = None,
    encoding: Encoding = None,
    na: Na = None,
    text: Text = None,
) -> None:
    """Search for the best parameters with Optuna, on the rows that are not held out.

    Leaves the best model, ready to serve, report.html and trials.csv.
    """
    options = CsvOptions(sep, decimal, encoding, tuple(na or ()), tuple(text or ()))
    with explained(data):
        from pipelines import run
        from pipelines.space import read_space

        job = run.read(data, target, options, estimator, task)
        run.sweep(
            job, estimator, read_parameters(parameters or []), read_space(space), output,
            trials=trials, folds=folds, seed=seed,
        )  # fmt: skip
