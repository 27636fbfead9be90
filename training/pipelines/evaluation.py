"""How good a pipeline is: by cross-validation, and on rows that it has never seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.base import clone
from sklearn.inspection import permutation_importance
from sklearn.metrics import get_scorer
from sklearn.model_selection import KFold, StratifiedKFold, cross_validate, train_test_split
from tabular import Task

from pipelines.errors import BadEstimator

#: The share of the rows that no model sees before it is final.
HELD_OUT = 0.2

#: Held-out rows on which importances are measured: each column is shuffled several times there.
IMPORTANCE_ROWS, SHUFFLES = 1000, 5

#: Rows that are shown as the worst.
WORST = 10

#: scikit-learn's names of what is measured, the first decides; "neg_" ones are shown positive.
METRICS = {
    Task.REGRESSION: ("r2", "neg_mean_absolute_error", "neg_root_mean_squared_error"),
    Task.CLASSIFICATION: ("balanced_accuracy", "accuracy", "f1_macro"),
}

#: Of classifiers that know probabilities, beside those.
OF_PROBABILITIES = ("roc_auc_ovr", "neg_log_loss")


@dataclass(frozen=True)
class Evaluation:
    """A fitted pipeline and what is known of it.

    Attributes:
        model: fitted on the rows that were not held out.
        task: what for.
        X, y: the held-out rows.
        metrics: name to value on the held-out rows.
        folds: name to the values over the folds of the others.
        importance: for each column, by how much the first metric falls when its values are
            shuffled: mean and standard deviation, the most important first.
        worst: the held-out rows predicted worst: `row` (counted from 1 in the file) and `error`.
    """

    model: Any
    task: Task
    X: pd.DataFrame
    y: pd.Series
    metrics: dict[str, float]
    folds: dict[str, npt.NDArray[np.float64]]
    importance: pd.DataFrame
    worst: pd.DataFrame


def evaluate(
    pipeline: Any, X: pd.DataFrame, y: pd.Series, task: Task, *, folds: int, seed: int
) -> Evaluation:
    """Hold rows out, cross-validate on the others, fit on these, measure on those.

    Raises:
        BadEstimator: the estimator refuses parameters or data, in its own words.
    """
    X_train, X_test, y_train, y_test = hold_out(X, y, task, seed)
    cut = folding(y_train, task, folds, seed)
    names = _metrics(pipeline, task)
    with _explained(pipeline):
        # First, because a parameter that is refused inside cross_validate is said to be its own.
        model = clone(pipeline).fit(X_train, y_train)
        crossed = cross_validate(
            pipeline, X_train, y_train, cv=cut, scoring=names, error_score="raise"
        )
    rows = slice(IMPORTANCE_ROWS)
    shuffled = permutation_importance(
        model, X_test.iloc[rows], y_test.iloc[rows], scoring=names[0], n_repeats=SHUFFLES,
        random_state=seed,
    )  # fmt: skip
    importance = pd.DataFrame(
        {"mean": shuffled.importances_mean, "std": shuffled.importances_std}, index=X.columns
    ).sort_values("mean", ascending=False)
    measured = {name: float(get_scorer(name)(model, X_test, y_test)) for name in names}
    return Evaluation(
        model, task, X_test, y_test,
        {_shown(name): _positive(name, value) for name, value in measured.items()},
        {_shown(name): _positive(name, crossed[f"test_{name}"]) for name in names},
        importance, _worst(model, X_test, y_test, task),
    )  # fmt: skip


def hold_out(X: pd.DataFrame, y: pd.Series, task: Task, seed: int) -> list[Any]:
    """Return train and test rows, then their targets; of each class the same share."""
    classes = y if task is Task.CLASSIFICATION else None
    parts: list[Any] = train_test_split(
        X, y, test_size=HELD_OUT, random_state=seed, stratify=classes
    )
    return parts


def folding(y: pd.Series, task: Task, folds: int, seed: int) -> Any:
    """Return how the rows are cut into folds.

    Raises:
        BadEstimator: there are fewer rows, or rows of a class, than folds.
    """
    classes = task is Task.CLASSIFICATION
    fewest = int(y.value_counts().min()) if classes else len(y)
    if folds > fewest:
        of = f"of class {y.value_counts().index[-1]!r} " if classes else ""
        raise BadEstimator(f"--folds {folds}: only {fewest} rows {of}to train on")
    kind = StratifiedKFold if classes else KFold
    return kind(folds, shuffle=True, random_state=seed)


def _metrics(pipeline: Any, task: Task) -> list[str]:
    probabilities = task is Task.CLASSIFICATION and hasattr(pipeline, "predict_proba")
    return [*METRICS[task], *(OF_PROBABILITIES if probabilities else ())]


def _shown(name: str) -> str:
    return name.removeprefix("neg_")


def _positive(name: str, value: Any) -> Any:
    return -value if name.startswith("neg_") else value


def _worst(model: Any, X: pd.DataFrame, y: pd.Series, task: Task) -> pd.DataFrame:
    predicted = model.predict(X)
    if task is Task.REGRESSION:
        error = np.abs(y.to_numpy() - predicted)
    elif hasattr(model, "predict_proba"):
        places = np.searchsorted(model.classes_, y.to_numpy())
        error = 1 - model.predict_proba(X)[np.arange(len(y)), places]
    else:
        error = (predicted != y.to_numpy()).astype(float)
    worst = pd.DataFrame({"row": X.index + 1, "error": error})
    return worst.sort_values("error", ascending=False, kind="stable").head(WORST)


class _explained:  # noqa: N801 - used as a function, in a with statement
    """Turn what an estimator refuses into `BadEstimator`."""

    def __init__(self, pipeline: Any) -> None:
        self.name = type(pipeline.steps[-1][1]).__name__

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: Any, _: object) -> None:
        if isinstance(error, TypeError | ValueError):
            said = str(error).strip().splitlines()[0]
            raise BadEstimator(f"{self.name} refuses: {said}") from error
