"""A loaded model that takes tables: what comes in, what it is asked, what goes out.

Whatever an estimator was trained on (a frame, a matrix, texts), a client sends records. The
model is asked once at the start with its own sample: what it cannot answer there it could not
answer later, and its answers declare the output.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from scoring.errors import ModelBroken
from scoring.estimators.predict import methods, predict
from scoring.estimators.signature import feature_names, first_step, sample_of, takes_text
from scoring.models.loading import LoadedModel
from scoring.outputs.encoding import plain
from scoring.parameters.table import Table
from scoring.settings import Settings


@dataclass(frozen=True)
class TableModel:
    """A model with its input and its answers.

    Attributes:
        loaded: the model and what is known of its file.
        table: the type of its input.
        answers: for each method, the default first, a sample of its answer for one row.
    """

    loaded: LoadedModel
    table: Table
    asked: Asked
    answers: dict[str, Any]

    def score(self, method: str, rows: pd.DataFrame) -> Any:
        """Return one result per row.

        Args:
            method: a key of `answers`.
            rows: a frame that `table` made.

        Raises:
            InvalidInput: the model does not have this method.
        """
        return predict(self.asked, method, rows)


class Asked:
    """An estimator that is asked with frames and answers numbers, labels or records.

    Args:
        estimator: a fitted estimator.
        derived: the columns were derived from the estimator, not from a sample somebody wrote;
            what is categorical then was text or number in training.
    """

    def __init__(self, estimator: Any, *, derived: bool) -> None:
        self._estimator = estimator
        self._derived = derived
        # Several outputs have one matrix of probabilities each, which fits no row.
        classes = getattr(estimator, "classes_", None)
        if hasattr(estimator, "predict_proba") and np.ndim(np.asarray(classes, object)) == 1:
            self.classes_ = classes
            self.predict_proba = self._predict_proba

    def predict(self, frame: pd.DataFrame) -> Any:
        """Return one answer per row: (rows,), or a frame with a column for each output."""
        answer = self._estimator.predict(self._as_trained(frame))
        if np.ndim(answer) < 2:
            return answer
        if not isinstance(answer, pd.DataFrame):
            width = np.shape(answer)[1]
            answer = pd.DataFrame(answer, columns=[f"output_{i}" for i in range(width)])
        return answer if answer.shape[1] > 1 else answer.iloc[:, 0]

    def _predict_proba(self, frame: pd.DataFrame) -> Any:
        return self._estimator.predict_proba(self._as_trained(frame))

    @property
    def apart(self) -> bool:
        """Whether columns go different ways, through a ColumnTransformer."""
        return hasattr(first_step(self._estimator), "transformers_")

    @cached_property
    def _names(self) -> list[str] | None:
        known = any(
            hasattr(one, "feature_names_in_")
            for one in (self._estimator, first_step(self._estimator))
        )
        return feature_names(self._estimator) if known else None

    def _as_trained(self, frame: pd.DataFrame) -> Any:
        if takes_text(first_step(self._estimator)):
            return frame.iloc[:, 0]
        texts: dict[str, Any] = {}
        for name, column in frame.items():
            name = str(name)
            if self._derived and isinstance(column.dtype, pd.CategoricalDtype):
                texts[name] = column.astype(object)
            elif column.dtype == object and column.isna().any():
                # What pandas reads from a file, and so what an imputer was trained with.
                texts[name] = column.where(column.notna(), np.nan)
        frame = frame.assign(**texts) if texts else frame
        if self._names is None:
            matrix = getattr(self._estimator, "n_features_in_", None) is not None
            return frame.to_numpy() if matrix else frame
        # A sample may list the columns in another order than training did.
        same = set(self._names) == set(frame.columns)
        return frame[self._names] if same else frame


def table_model(loaded: LoadedModel, settings: Settings) -> TableModel:
    """Return the model with its input and its answers, after asking it its sample once.

    Raises:
        ModelBroken: it has no `predict()`, its columns are not known, or it refuses its own
            sample.
    """
    file, kind = loaded.path.name, type(loaded.model).__name__
    if not hasattr(loaded.model, "predict"):
        raise ModelBroken(f"{file} ({kind}) has no predict(): it cannot score new rows.")
    sample, written = sample_of(loaded)
    asked = Asked(loaded.model, derived=not written)
    try:
        table = Table(sample, settings=settings)
        if not written:
            table = Table(_with_nulls(asked, sample), settings=settings)
        answers = {method: _first(predict(asked, method, sample)) for method in methods(asked)}
    except Exception as error:
        source = "sample_input" if written else "the row made from its own columns"
        raise ModelBroken(
            f"{file} ({kind}) does not accept {source}: {type(error).__name__}: {error}. "
            "Put sample_input.json beside it: a JSON list of records that it can score."
        ) from error
    return TableModel(loaded, table, asked, answers)


def _with_nulls(asked: Asked, sample: pd.DataFrame) -> pd.DataFrame:
    """Add a row with null in the columns in which the model really takes it.

    First all number columns at once; where the model refuses that and treats columns apart, one
    by one.
    """
    numbers = [str(name) for name in sample.columns if sample[name].dtype.kind == "f"]
    nullable = numbers if _takes_null(asked, sample, numbers) else []
    if not nullable and asked.apart:
        nullable = [name for name in numbers if _takes_null(asked, sample, [name])]
    others = [str(name) for name in sample.columns if sample[name].dtype.kind == "O"]
    nullable += [name for name in others if _takes_null(asked, sample, [name])]
    if not nullable:
        return sample
    row = sample.iloc[[0]].assign(**dict.fromkeys(nullable, None))
    return pd.concat([sample, row.astype(sample.dtypes.to_dict())], ignore_index=True)


def _takes_null(asked: Asked, sample: pd.DataFrame, names: list[str]) -> bool:
    if not names:
        return False
    row = sample.iloc[[0]].assign(**dict.fromkeys(names, np.nan))
    try:
        answer = plain(asked.predict(row))
    except Exception:  # noqa: BLE001 - whatever it raises, it does not take null
        return False
    return bool(answer != [None])


def _first(results: Any) -> Any:
    """Return the first row's result as JSON has it."""
    value = plain(results)[0]
    # NaN: a number, as a number may be.
    return 0.0 if value is None else value
