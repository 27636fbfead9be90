"""An array gives what a frame gives, bit for bit, or is not used."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scoring.estimators import bare_array
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_diabetes, load_iris
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVR

DIABETES = load_diabetes(as_frame=True)
IRIS = load_iris(as_frame=True)
WORDS = IRIS.target_names[IRIS.target].astype(object)


def spied(monkeypatch: pytest.MonkeyPatch, model: Any, method: str) -> list[type]:
    """Return the list of what the estimator's method is given from now on."""
    given: list[type] = []
    original = getattr(type(model), method)

    def spy(self: Any, rows: Any) -> Any:
        given.append(type(rows))
        return original(self, rows)

    monkeypatch.setattr(type(model), method, spy)
    return given


@pytest.mark.parametrize(
    ("model", "method", "data", "target"),
    [
        (Ridge(), "predict", DIABETES.data, DIABETES.target),
        (RandomForestRegressor(5, random_state=0), "predict", DIABETES.data, DIABETES.target),
        (SVR(), "predict", DIABETES.data, DIABETES.target),
        (LogisticRegression(max_iter=500), "predict_proba", IRIS.data, WORDS),
        (KNeighborsClassifier(), "predict", IRIS.data, WORDS),
        (StandardScaler(), "transform", DIABETES.data, None),
    ],
    ids=lambda value: type(value).__name__,
)
@pytest.mark.parametrize("rows", [1, 7, 100])
def test_own_estimators_get_an_array_and_answer_the_same_bits(
    monkeypatch: pytest.MonkeyPatch, model: Any, method: str, data: Any, target: Any, rows: int
) -> None:
    """The same machine, the same arithmetic: here equal means equal."""
    model.fit(data, target)
    frame = pd.DataFrame(np.asfortranarray(data.head(rows)), columns=data.columns, copy=False)
    expected = getattr(model, method)(frame)
    bare_array.ask(model, method, frame)  # the first time it is tried out
    given = spied(monkeypatch, model, method)
    found = bare_array.ask(model, method, frame)
    assert given == [np.ndarray]
    assert found.tolist() == expected.tolist()


def test_what_may_look_at_names_gets_the_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pipelines, holders of estimators, foreign classes and other columns keep the frame."""

    class Mine(Ridge):  # type: ignore[misc] # scikit-learn has no types
        """Somebody's own."""

    chosen = ColumnTransformer([("some", StandardScaler(), ["age", "bmi"])])
    for model in (make_pipeline(chosen, Ridge()), Mine(), make_pipeline(StandardScaler(), Ridge())):
        model.fit(DIABETES.data, DIABETES.target)
        given = spied(monkeypatch, model, "predict")
        bare_array.ask(model, "predict", DIABETES.data)
        assert set(given) == {pd.DataFrame}
    model = Ridge().fit(DIABETES.data, DIABETES.target)
    with pytest.raises(ValueError, match="feature names"):
        bare_array.ask(model, "predict", DIABETES.data[DIABETES.data.columns[::-1]])


def test_another_answer_to_an_array_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """An estimator whose last bit depends on what it gets is asked with frames."""
    original = Ridge.predict

    def off(self: Any, rows: Any) -> Any:
        answer = original(self, rows)
        return answer if isinstance(rows, pd.DataFrame) else np.nextafter(answer, np.inf)

    monkeypatch.setattr(Ridge, "predict", off)
    model = Ridge().fit(DIABETES.data, DIABETES.target)
    given = spied(monkeypatch, model, "predict")
    bare_array.ask(model, "predict", DIABETES.data)
    assert given[-1] is pd.DataFrame


def test_null_and_numbers_of_another_type(monkeypatch: pytest.MonkeyPatch) -> None:
    """NaN is refused as ever; single precision goes as a frame, with its own arithmetic."""
    model = Ridge().fit(DIABETES.data, DIABETES.target)
    broken = DIABETES.data.head(2).copy()
    broken.iloc[0, 0] = np.nan
    with pytest.raises(ValueError, match="NaN"):
        bare_array.ask(model, "predict", broken)
    given = spied(monkeypatch, model, "predict")
    bare_array.ask(model, "predict", DIABETES.data.astype(np.float32))
    assert given[-1] is pd.DataFrame
