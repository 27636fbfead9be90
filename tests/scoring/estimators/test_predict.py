"""scoring.estimators.predict: the methods of a model."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scoring.errors import InvalidInput, OutputMismatch
from scoring.estimators.predict import Method, methods, predict
from scoring.outputs.encoding import plain
from sklearn.linear_model import LogisticRegression, Ridge

from tests.nearly import nearly

X = pd.DataFrame({"a": [0.0, 1.0, 2.0, 3.0]})
CLASSIFIER = LogisticRegression().fit(X, [1, 1, 2, 2])
REGRESSOR = Ridge().fit(X, [0.0, 1.0, 2.0, 3.0])


def test_methods_are_the_models_own() -> None:
    """Only a classifier that knows probabilities offers them."""
    assert methods(CLASSIFIER) == ["predict", "predict_proba"]
    assert methods(REGRESSOR) == ["predict"]


def test_predict_is_the_models_answer() -> None:
    """The predictions are not touched."""
    assert predict(REGRESSOR, "predict", X).tolist() == nearly(REGRESSOR.predict(X).tolist())


def test_predict_proba_is_a_record_per_row() -> None:
    """Each row has one field per class, named after it."""
    records = plain(predict(CLASSIFIER, "predict_proba", X))
    probabilities = CLASSIFIER.predict_proba(X).tolist()
    assert records == nearly([{"1": one, "2": two} for one, two in probabilities])


@pytest.mark.parametrize("method", ["predict", "predict_proba"])
def test_zero_rows(method: str) -> None:
    """No rows give no results, though scikit-learn itself refuses them."""
    assert predict(CLASSIFIER, method, X.head(0)) == []


@pytest.mark.parametrize("method", ["predict_proba", "fit", "__class__", ""])
def test_other_methods_are_refused(method: str) -> None:
    """A method the model lacks, or one that is not for clients, is the client's fault."""
    with pytest.raises(InvalidInput, match=r"GlobalParameters\.method: expected \"predict\""):
        predict(REGRESSOR, method, X)


class Odd:
    """A model that answers something else than one result per row."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def predict(self, _rows: pd.DataFrame) -> Any:
        """Return it, whatever the rows."""
        return self.answer


@pytest.mark.parametrize("answer", [[1.0], [1.0] * 5, 1.0, None, np.ones((1, 4)), np.array(5.0)])
def test_as_many_results_as_rows(answer: Any) -> None:
    """Fewer or more would be read as the results of other rows: the model's fault."""
    with pytest.raises(OutputMismatch, match="answered 4 rows"):
        predict(Odd(answer), "predict", X)
    assert predict(Odd([1.0] * 4), "predict", X) == [1.0] * 4


def test_only_the_doors_own_methods_are_accepted() -> None:
    """What a door does not declare is refused before a model that could do it is asked."""
    assert Method("predict").input_to_swagger()["enum"] == ["predict"]
    with pytest.raises(InvalidInput, match='expected "predict", found string "predict_proba"'):
        Method("predict").convert("predict_proba", "GlobalParameters.method")
