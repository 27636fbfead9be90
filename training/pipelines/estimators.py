"""From a name to a pipeline: skrub's TableVectorizer, then any estimator of scikit-learn.

skrub turns columns into numbers by what they hold (dates, few words, many words, numbers) and adds
imputing and scaling where the estimator needs them.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from sklearn.utils.discovery import all_estimators
from sklearn.utils.multiclass import type_of_target
from skrub import tabular_pipeline
from tabular import Task

from pipelines.errors import BadEstimator

#: How scikit-learn calls the kind of estimator for a task.
KINDS = {Task.CLASSIFICATION: "classifier", Task.REGRESSION: "regressor"}

#: What is trained where nothing is asked for: takes missing values and categories as they are, and
#: is hard to beat on tables (Grinsztajn et al., 2022).
DEFAULT = {
    Task.CLASSIFICATION: "HistGradientBoostingClassifier",
    Task.REGRESSION: "HistGradientBoostingRegressor",
}

#: Whole numbers of up to this many different values may be classes or quantities.
FEW = 10


def choose_task(target: pd.Series, estimator: str | None, asked: str | None) -> Task:
    """Return whether the target is to be classified or regressed.

    Args:
        target: the column to predict, without missing values.
        estimator: its name decides, where it is given.
        asked: "classification" or "regression", which decides before the values do.

    Raises:
        BadEstimator: there is no such estimator, it is for the other task, or nothing tells.
    """
    task = _asked_for(estimator, asked)
    if task is Task.REGRESSION and not pd.api.types.is_numeric_dtype(target):
        raise BadEstimator(
            f"column {target.name!r} holds {target.iloc[0]!r}: a regression predicts numbers"
        )
    if task is not None:
        return task
    if not pd.api.types.is_numeric_dtype(target) or pd.api.types.is_bool_dtype(target):
        return Task.CLASSIFICATION
    if type_of_target(target.to_numpy()).startswith("continuous") or target.nunique() > FEW:
        return Task.REGRESSION
    raise BadEstimator(
        f"column {target.name!r} holds {target.nunique()} different whole numbers: say "
        "--task classification or --task regression"
    )


def make_pipeline(
    task: Task, estimator: str | None, parameters: Mapping[str, Any], seed: int
) -> Any:
    """Return the unfitted pipeline.

    Args:
        task: what for.
        estimator: its name in scikit-learn; the default of the task without.
        parameters: the estimator's own.
        seed: of everything in the pipeline that draws at random.

    Raises:
        BadEstimator: there is no such estimator or parameter; the message names the nearest.
    """
    made = _class_of(estimator or DEFAULT[task], task)()
    known = made.get_params()
    for name in parameters:
        if name not in known:
            raise BadEstimator(
                f"{type(made).__name__} has no parameter {name!r}{_near(name, list(known))} "
                f"It has: {', '.join(sorted(known))}"
            )
    pipeline = tabular_pipeline(made.set_params(**parameters))
    drawing = {
        name: seed
        for name, value in pipeline.get_params().items()
        if name.rpartition("__")[2] == "random_state" and value is None
    }
    return pipeline.set_params(**drawing)


def _asked_for(estimator: str | None, asked: str | None) -> Task | None:
    if asked is not None:
        task = Task[asked.upper()]
        if estimator is not None:
            _class_of(estimator, task)
        return task
    if estimator is None:
        return None
    found: Task = next((t for t in KINDS if estimator in _names(t)), None) or _unknown(estimator)
    return found


def _class_of(name: str, task: Task) -> Any:
    found = dict(all_estimators(type_filter=KINDS[task])).get(name)
    if found is None:
        other = next((t for t in KINDS if t is not task and name in _names(t)), None)
        if other is not None:
            raise BadEstimator(f"{name} is a {KINDS[other]}, and this is {task.name.lower()}")
        _unknown(name)
    return found


def _names(task: Task) -> list[str]:
    return [name for name, _ in all_estimators(type_filter=KINDS[task])]


def _unknown(name: str) -> Any:
    names = [other for task in KINDS for other in _names(task)]
    raise BadEstimator(
        f"scikit-learn has no classifier or regressor {name!r}{_near(name, names)}"
    )  # fmt: skip


def _near(name: str, names: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, names, n=1)
    return f"; did you mean {near[0]!r}?" if near else "."
