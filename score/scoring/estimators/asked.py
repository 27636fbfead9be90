"""An estimator that is asked with the frames that requests make, whatever it was trained on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import pandas as pd

from scoring.columns.base import OBJECT
from scoring.estimators.bare_array import ask
from scoring.estimators.predict import METHODS, output_names
from scoring.estimators.structure import entrances, feature_names

#: What an estimator can be given: its own columns in their order, the frame as it is, its numbers
#: alone, or its one column as a series of texts.
FORMS = ("columns", "frame", "matrix", "texts")

#: pandas' whole numbers with a null, which MLflow's signatures lead to.
MASKED_INTEGERS = (pd.Int32Dtype, pd.Int64Dtype)


class Asked:
    """An estimator that is asked with frames and answers numbers, labels or records.

    Args:
        estimator: a fitted estimator.
        form: one of `FORMS`.
        plain_categories: columns that are categorical in the frame and were text or numbers in
            training.
        nulls: how null is spelt in a column of Python objects, NaN where nothing is said.
    """

    def __init__(
        self,
        estimator: Any,
        form: str,
        *,
        plain_categories: Collection[str] = (),
        nulls: Mapping[str, Any] | None = None,
    ) -> None:
        self.estimator = estimator
        self.form = form
        self.plain_categories = plain_categories
        self._nulls = nulls or {}
        self._names = trained_names(estimator)
        for method in METHODS:
            if hasattr(estimator, method):
                setattr(self, method, self._method(method))
        # The classes of several outputs are a list.
        self.classes_ = getattr(estimator, "classes_", None)
        if self.classes_ is None and hasattr(self, "predict_proba"):
            # Nothing tells what the probabilities are of.
            del self.predict_proba

    def _method(self, name: str) -> Any:
        def asked(frame: pd.DataFrame, **parameters: Any) -> Any:
            answer = ask(self.estimator, name, self._as_trained(frame), **parameters)
            if hasattr(answer, "toarray"):
                answer = answer.toarray()
            return answer if name == "predict_proba" else self._by_output(name, answer)

        return asked

    def _by_output(self, method: str, answer: Any) -> Any:
        """Return one answer per row: (rows,), or a frame with a column for each output."""
        if np.ndim(answer) != 2:
            return answer
        if method == "predict" and np.shape(answer)[1] == 1:
            return answer.iloc[:, 0] if isinstance(answer, pd.DataFrame) else answer[:, 0]
        if isinstance(answer, pd.DataFrame):
            return answer
        names = output_names(np.shape(answer)[1])
        if method == "transform":
            # A list per row, where the outputs have no names that are not training data.
            return answer
        return pd.DataFrame(answer, columns=names)

    def _as_trained(self, frame: pd.DataFrame) -> Any:
        frame = self._spelt(frame)
        if self.form == "texts":
            return frame.iloc[:, 0]
        if self.form == "matrix":
            return frame.to_numpy()
        if self.form == "columns" and self._names is not None:
            # A sample may list the columns in another order than training did.
            return frame if list(frame.columns) == self._names else frame[self._names]
        return frame

    def _spelt(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the frame with null as it was in training."""
        kinds = frame.dtypes.to_numpy()
        changed: dict[str, Any] = {}
        for place in np.flatnonzero([_may_change(kind) for kind in kinds]):
            column = frame.iloc[:, place]
            if isinstance(column.dtype, pd.CategoricalDtype):
                if column.name not in self.plain_categories:
                    continue
                column = changed[str(column.name)] = column.astype(object)
            if pd.api.types.is_extension_array_dtype(column.dtype):
                # Whole numbers and booleans with a null of pandas' own, as a signature has them.
                lacking = bool(column.isna().any())
                plain = column.dtype.numpy_dtype
                changed[str(column.name)] = (
                    column.astype(plain)
                    if not lacking
                    else column.astype(object if plain.kind == "b" else float)
                )
            elif column.dtype == OBJECT and column.isna().any():
                self._respell(column, changed)
        for name, null in self._nulls.items():
            # Numbers beside None were Python objects in training.
            if null is None and name not in changed and frame[name].isna().any():
                self._respell(frame[name].astype(object), changed)
        return frame.assign(**changed) if changed else frame

    def _respell(self, column: pd.Series[Any], changed: dict[str, Any]) -> None:
        name = str(column.name)
        cells = column.to_numpy(dtype=object, copy=True)
        cells[column.isna().to_numpy()] = self._nulls.get(name, np.nan)
        # From an array of objects, as pandas makes a float of a list of numbers and None.
        changed[name] = pd.Series(cells, index=column.index, dtype=object)


def trained_names(estimator: Any) -> list[str] | None:
    """Return the columns an estimator was trained with by name, None where it knows none."""
    known = any(hasattr(one, "feature_names_in_") for one in (estimator, *entrances(estimator)))
    return feature_names(estimator) if known else None


def _may_change(kind: Any) -> bool:
    masked = isinstance(kind, pd.BooleanDtype) or type(kind) in MASKED_INTEGERS
    return bool(kind == OBJECT) or masked or isinstance(kind, pd.CategoricalDtype)
