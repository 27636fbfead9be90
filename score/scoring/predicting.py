"""What a scikit-learn model can be asked: the methods of `GlobalParameters.method`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from inference_schema.parameter_types.standard_py_parameter_type import StandardPythonParameterType

from scoring.errors import InvalidInput, Problem
from scoring.problems import describe

#: The methods that answer one result per row, the default first.
METHODS = ("predict", "predict_proba")


class Method(StandardPythonParameterType):
    """The declared `GlobalParameters.method`: one of a few words.

    Args:
        choices: the methods of the door, the default first.
    """

    def __init__(self, *choices: str) -> None:
        self.choices = choices
        super().__init__(choices[0])

    def deserialize_input(self, input_data: Any) -> Any:
        """Refuse what is no string; which words a model knows is for `predict` to say."""
        if not isinstance(input_data, str):
            raise _wrong_method(self.choices, input_data)
        return input_data

    def input_to_swagger(self) -> dict[str, Any]:
        """Return a string schema that lists the methods."""
        return {"type": "string", "enum": list(self.choices), "example": self.sample_input}


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
        raise _wrong_method(methods(model), method)
    if not len(rows):
        # Estimators refuse zero rows, and without rows there is nothing to ask them.
        return []
    answer = getattr(model, method)(rows)
    if method == "predict_proba":
        return pd.DataFrame(answer, columns=[str(label) for label in model.classes_])
    return answer


def _wrong_method(choices: Sequence[str], found: Any) -> InvalidInput:
    where = "GlobalParameters.method"
    return InvalidInput(where, [Problem(where, f"one of {', '.join(choices)}", describe(found))])
