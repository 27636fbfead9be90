"""What a scikit-learn model can be asked: the methods of `GlobalParameters.method`."""

from __future__ import annotations

from typing import Any

import pandas as pd

from scoring.errors import InvalidInput, Problem

#: The methods that answer one result per row, the default first.
METHODS = ("predict", "predict_proba")


def methods(model: Any) -> list[str]:
    """Return which methods this model has; `SVC(probability=False)`, say, has no predict_proba."""
    return [method for method in METHODS if hasattr(model, method)]


def predict(model: Any, method: str, rows: pd.DataFrame) -> Any:
    """Return one result per row, in the order of the rows.

    Args:
        model: a fitted estimator.
        method: `predict`, or `predict_proba` for a classifier.
        rows: the input, (rows, columns); no rows are fine.

    Returns:
        What the model predicts, (rows,); for `predict_proba` a frame of (rows, classes) with
        the classes as columns, which leaves as one record per row.

    Raises:
        InvalidInput: the model does not have this method.
    """
    if method not in methods(model):
        expected = f"one of {', '.join(methods(model))}"
        where = "GlobalParameters.method"
        raise InvalidInput(where, [Problem(where, expected, "another method")])
    if not len(rows):
        # Estimators refuse zero rows, and without rows there is nothing to ask them.
        return []
    answer = getattr(model, method)(rows)
    if method == "predict_proba":
        return pd.DataFrame(answer, columns=[str(label) for label in model.classes_])
    return answer
