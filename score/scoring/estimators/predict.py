"""What a scikit-learn model can be asked: the methods of `GlobalParameters.method`."""

from __future__ import annotations

from typing import Any

import pandas as pd

from scoring.errors import OutputMismatch
from scoring.outputs.encoding import key_names
from scoring.parameters.choice import Choice, not_one_of

#: The methods that answer one result per row, the default first.
METHODS = ("predict", "predict_proba")


class Method(Choice):
    """The declared `GlobalParameters.method`: one of a few words.

    Args:
        choices: the methods of the door, the default first.
    """

    def __init__(self, *choices: str) -> None:
        super().__init__(choices)


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
        OutputMismatch: it answers more or fewer results than there are rows.
    """
    if method not in methods(model):
        raise not_one_of(methods(model), method, "GlobalParameters.method")
    if not len(rows):
        # Estimators refuse zero rows, and without rows there is nothing to ask them.
        return []
    answer = getattr(model, method)(rows)
    try:
        count = len(answer)
    except TypeError:
        count = 1
    if count != len(rows):
        raise OutputMismatch(
            f"The model's {method}() answered {len(rows)} rows with {count} results: it has to "
            "return one per row, in their order."
        )
    if method == "predict_proba":
        return pd.DataFrame(answer, columns=key_names(model.classes_))
    return answer
