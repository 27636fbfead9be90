"""What stands where inside a fitted estimator: which parts get its input, column by column.

Pipelines, searches, unions, votes and calibrated classifiers hand their input on. Here they are
walked down to the parts that get it as it came, and for every column to the steps that it goes
through as a column. What is found says which columns are text, which categories an encoder
knows and how it has learned to spell a missing value.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import OneToOneFeatureMixin
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils import get_tags

#: Where scikit-learn keeps what is wrapped: searches, targets, thresholds, calibrated parts.
WRAPPED_IN = ("best_estimator_", "regressor_", "estimator_")

#: Where it keeps several: votes, stacks, one per output or class, calibrated classifiers.
SEVERAL_IN = ("calibrated_classifiers_", "estimators_")

#: Wrappers without an attribute of a fitted estimator's own.
FITTED_BEFORE = {"FrozenEstimator", "_CalibratedClassifier"}


@dataclass(frozen=True)
class Chain:
    """A column and the steps that it goes through.

    Attributes:
        column: its name; None where only its place is known.
        steps: the fitted parts, the first one gets the column as it came.
        index: its place among the columns of each of the steps.
    """

    column: str | None
    steps: tuple[Any, ...]
    index: int


class Reads(Enum):
    """What a part of an estimator reads."""

    TEXTS = "a series of texts"
    COLUMNS = "columns"
    ANYTHING = "what it has learned nothing of, as a function"


def entrances(model: Any) -> list[Any]:
    """Return the fitted parts that get a model's input as it came; the model itself is one."""
    inner = _inner(model)
    return [part for one in inner for part in entrances(one)] if inner else [model]


def sends_columns_apart(model: Any) -> bool:
    """Tell whether a model is scikit-learn's ColumnTransformer, or keeps its parts as that does.

    Others have a `transformers_` of another form: skrub's TableVectorizer a dictionary.
    """
    return isinstance(getattr(model, "transformers_", None), list)


def chains(model: Any, columns: Sequence[str]) -> Iterator[Chain]:
    """Yield every column with the steps that it goes through, once for each way it takes.

    Args:
        model: a fitted estimator.
        columns: its columns' names.
    """
    if sends_columns_apart(model):
        names = feature_names(model) or list(columns)
        positions = pd.DataFrame([range(len(names))], columns=names)
        for _, step, chosen in model.transformers_:
            if not (isinstance(step, str) and step == "drop"):
                used = _select(positions, chosen).iloc[0]
                yield from chains(step, [names[place] for place in used])
    elif len(steps := _steps(model)) > 1 and not _inner(steps[0]) and _keeps_columns(steps[0]):
        for chain in chains(_Rest(steps[1:]), columns):
            yield Chain(chain.column, (steps[0], *chain.steps), chain.index)
    elif inner := _inner(model):
        for one in inner:
            yield from chains(one, columns)
    else:
        yield from (Chain(name, (model,), i) for i, name in enumerate(columns))


def reads_texts(model: Any) -> bool:
    """Tell whether some part takes the input as a series of texts, as a vectorizer does."""
    return any(takes_text(part) for part in entrances(model))


def may_read_texts(model: Any) -> bool:
    """Tell whether a vectorizer stands first, or behind steps that have learned no columns."""
    return _reads(model) is Reads.TEXTS


def takes_text(step: Any) -> bool:
    """Tell whether an estimator takes texts in one dimension, as a vectorizer does."""
    if not hasattr(step, "__sklearn_tags__"):
        # No scikit-learn estimator.
        return False
    try:
        tags = get_tags(step).input_tags
    except (AttributeError, TypeError, ValueError):
        # A class of its own that is half of one.
        return False
    return bool(tags.string and not tags.two_d_array)


def feature_names(model: Any) -> list[str] | None:
    """Return a model's columns; `x0`, `x1`, ... where it knows only how many."""
    names = getattr(model, "feature_names_in_", None)
    if names is not None:
        return [str(name) for name in names]
    count = getattr(model, "n_features_in_", None)
    return None if count is None else [f"x{i}" for i in range(count)]


@dataclass(frozen=True)
class _Rest:
    """The steps of a pipeline behind the first, as a pipeline."""

    parts: list[Any]

    @property
    def steps(self) -> list[tuple[str, Any]]:
        return [("", part) for part in self.parts]


def _steps(model: Any) -> list[Any]:
    """Return a pipeline's steps without those that do nothing; none for anything else."""
    steps = getattr(model, "steps", None)
    if not isinstance(steps, list):
        return []
    return [step for _, step in steps if step is not None and not _is_word(step)]


def _inner(model: Any) -> list[Any]:
    """Return the fitted estimators that get the input which `model` gets; none if it reads it."""
    if sends_columns_apart(model):
        return []
    if steps := _steps(model):
        return steps[:1]
    if hasattr(model, "transformer_list"):
        return [step for _, step in model.transformer_list if not _is_word(step)]
    for name in WRAPPED_IN:
        if hasattr(model, name):
            return _of_same_input(model, [getattr(model, name)])
    if type(model).__name__ in FITTED_BEFORE:
        return [model.estimator]
    # Bagging gives each its own columns.
    if not hasattr(model, "estimators_features_"):
        for name in SEVERAL_IN:
            if hasattr(model, name):
                return _of_same_input(model, list(np.ravel(np.array(getattr(model, name), object))))
    return []


def _of_same_input(model: Any, inner: list[Any]) -> list[Any]:
    """Return the estimators that get the input whole: a selector's and a chain's get another."""
    width = getattr(model, "n_features_in_", None)
    return [
        one for one in inner if not _is_word(one) and getattr(one, "n_features_in_", width) == width
    ]


def _reads(model: Any) -> Reads:
    """Return what a part reads, as far as what it has learned tells."""
    if steps := _steps(model):
        told = (found for step in steps if (found := _reads(step)) is not Reads.ANYTHING)
        return next(told, Reads.ANYTHING)
    if inner := _inner(model):
        kinds = {_reads(one) for one in inner}
        return next(kind for kind in Reads if kind in kinds)
    if takes_text(model):
        return Reads.TEXTS
    learned = sends_columns_apart(model) or feature_names(model) is not None
    return Reads.COLUMNS if learned else Reads.ANYTHING


def _keeps_columns(step: Any) -> bool:
    """Tell whether a step answers the columns that it gets, in their order."""
    if isinstance(step, SimpleImputer):
        filled = np.array([not is_missing(value) for value in step.statistics_])
        return not step.add_indicator and (step.keep_empty_features or bool(filled.all()))
    return isinstance(step, FunctionTransformer | OneToOneFeatureMixin)


def is_missing(value: Any) -> bool:
    """Tell whether one value that an estimator has learned stands for a missing one."""
    return bool(np.isscalar(pd.isna(value)) and pd.isna(value))


def _is_word(step: Any) -> bool:
    return isinstance(step, str)


def _select(frame: pd.DataFrame, chosen: Any) -> pd.DataFrame:
    """Return the columns that a ColumnTransformer's specification means."""
    if isinstance(chosen, str):
        return frame[[chosen]]
    if isinstance(chosen, int | np.integer):
        chosen = [int(chosen)]
    named = chosen.start if isinstance(chosen, slice) else next(iter(chosen), None)
    chosen_frame: pd.DataFrame = (
        frame.loc[:, chosen] if isinstance(named, str) else frame.iloc[:, chosen]
    )
    return chosen_frame
