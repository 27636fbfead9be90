"""What a scikit-learn model can be asked: the methods of `GlobalParameters.method`."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from scoring.errors import OutputMismatch
from scoring.estimators.bare_array import ask
from scoring.outputs.encoding import key_names
from scoring.parameters.choice import Choice, not_one_of

#: The methods that answer one result per row, the default first. `transform` is for what cannot
#: predict: a scaler, a decomposition, an embedder.
METHODS = ("predict", "predict_proba", "transform")


class Method(Choice):
    """The declared `GlobalParameters.method`: one of a few words.

    Args:
        choices: the methods of the door, the default first.
    """

    def __init__(self, *choices: str) -> None:
        super().__init__(choices)


def methods(model: Any) -> list[str]:
    """Return which methods this model has; `SVC(probability=False)`, say, has no predict_proba."""
    found = [method for method in METHODS if hasattr(model, method)]
    return [method for method in found if method != "transform" or "predict" not in found]


def predict(model: Any, method: str, rows: pd.DataFrame, **parameters: Any) -> Any:
    """Return one result per row, in the order of the rows.

    Args:
        model: a fitted estimator.
        method: `predict`, or `predict_proba` for a classifier, or `transform` for what has no
            `predict()`.
        rows: the input, (rows, columns); no rows are fine.
        parameters: further arguments of the method.

    Returns:
        What the model predicts, (rows,); for `predict_proba` a frame of (rows, classes) with
        the classes as columns, which leaves as one record per row; with several outputs a
        record per output.

    Raises:
        InvalidInput: the model does not have this method.
        OutputMismatch: it answers more or fewer results than there are rows.
    """
    if method not in methods(model):
        raise not_one_of(methods(model), method, "GlobalParameters.method")
    if not len(rows):
        # Estimators refuse zero rows, and without rows there is nothing to ask them.
        return []
    answer = ask(model, method, rows, **parameters)
    if method == "predict_proba":
        answer = _by_class(answer, model.classes_)
    try:
        count = len(answer)
    except TypeError:
        count = 1
    if count != len(rows):
        raise OutputMismatch(
            f"The model's {method}() answered {len(rows)} rows with {count} results: it has to "
            "return one per row, in their order."
        )
    return answer


def _by_class(answer: Any, classes: Any) -> Any:
    """Return probabilities under the names of their classes.

    Args:
        answer: (rows, classes); of several outputs a list of such, or (rows, outputs) with the
            probability of each output's second class.
        classes: (classes,), or a list of such.
    """
    if not isinstance(classes, list):
        return pd.DataFrame(answer, columns=key_names(classes))
    if not isinstance(answer, list):
        return pd.DataFrame(answer, columns=output_names(np.shape(answer)[1]))
    outputs = [
        pd.DataFrame(shares, columns=key_names(labels)).to_dict("records")
        for shares, labels in zip(answer, classes, strict=True)
    ]
    names = output_names(len(outputs))
    return [dict(zip(names, row, strict=True)) for row in zip(*outputs, strict=True)]


def output_names(outputs: int) -> list[str]:
    """Return what the outputs of a model are called, which scikit-learn gives no names."""
    return [f"output_{i}" for i in range(outputs)]
