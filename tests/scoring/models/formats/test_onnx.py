"""scoring.models.formats.onnx: graphs answer as their models do, and offer only what they hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scoring.errors import ModelBroken
from scoring.estimators.table_model import table_model
from scoring.models.discovery import ModelPath
from scoring.models.loading import load
from scoring.settings import Settings
from skl2onnx import convert_sklearn, to_onnx
from skl2onnx.common.data_types import FloatTensorType
from sklearn.cluster import KMeans
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_iris
from sklearn.decomposition import PCA
from sklearn.ensemble import IsolationForest, RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

X, Y = load_iris(return_X_y=True)
X = X.astype(np.float32)
WORDS = np.array(["setosa", "versicolor", "virginica"])[Y]

#: Results are 32-bit floats where the model has 64.
FLOAT32 = 1e-4


def graph(path: Path, model: Any, **more: Any) -> Any:
    """Write a model as a graph, and return what the loader makes of it."""
    more.setdefault("target_opset", {"": 17, "ai.onnx.ml": 3})
    path.write_bytes(to_onnx(model, X[:1], **more).SerializeToString())
    return load(ModelPath.at(path), Settings()).model


@pytest.mark.parametrize(
    "model",
    [
        LinearRegression().fit(X, X[:, 0] * 2 + 1),
        LinearRegression().fit(X, np.column_stack([X[:, 0], X[:, 1]])),
        PCA(2).fit(X),
        KMeans(3, random_state=0, n_init=1).fit(X),
        IsolationForest(n_estimators=5, random_state=0).fit(X),
        LinearSVC(random_state=0).fit(X, Y == 1),
    ],
    ids=lambda model: type(model).__name__,
)
def test_other_outputs_are_no_probabilities(tmp_path: Path, model: Any) -> None:
    """Regressors, transformers, distances, scores and margins: the first output, and no more."""
    loaded = graph(tmp_path / "model.onnx", model)
    own = model.predict(X) if hasattr(model, "predict") else model.transform(X)
    assert loaded.predict(X) == pytest.approx(np.asarray(own, float), rel=FLOAT32, abs=FLOAT32)
    assert not hasattr(loaded, "predict_proba")


@pytest.mark.parametrize("zipmap", [True, False, "columns"])
@pytest.mark.parametrize("classes", [Y, WORDS, Y == 1], ids=["numbers", "words", "two"])
def test_probabilities_are_offered_in_each_form(
    tmp_path: Path, classes: Any, zipmap: bool | str
) -> None:
    """A list of dictionaries, a matrix, or a column for each class: the model's own numbers."""
    target = classes.astype(int) if classes.dtype == bool else classes
    model = RandomForestClassifier(5, random_state=0).fit(X, target)
    loaded = graph(tmp_path / "model.onnx", model, options={"zipmap": zipmap})
    assert loaded.predict(X).tolist() == model.predict(X).tolist()
    assert loaded.predict_proba(X) == pytest.approx(model.predict_proba(X), abs=FLOAT32)
    # A matrix does not say what its columns are called.
    names = list(range(len(model.classes_))) if zipmap is False else model.classes_.tolist()
    assert loaded.classes_.tolist() == names


def test_grouped_inputs_have_a_column_for_each_number(tmp_path: Path) -> None:
    """`num [None, 2]` and `more [None, 2]` are four columns, called after their inputs."""
    inputs = [("num", FloatTensorType([None, 2])), ("more", FloatTensorType([None, 2]))]
    parts = [("first", "passthrough", [0, 1]), ("second", "passthrough", [2, 3])]
    model = make_pipeline(ColumnTransformer(parts), LinearRegression()).fit(X, X[:, 0] - X[:, 3])
    path = tmp_path / "model.onnx"
    path.write_bytes(convert_sklearn(model, initial_types=inputs).SerializeToString())
    served = table_model(load(ModelPath.at(path), Settings()), Settings())
    assert list(served.table.kinds) == ["num_0", "num_1", "more_0", "more_1"]
    rows = pd.DataFrame(X[:5], columns=list(served.table.kinds))
    assert served.score("predict", rows) == pytest.approx(model.predict(X[:5]), abs=1e-3)


def test_a_width_that_the_graph_leaves_open_comes_from_a_sample(tmp_path: Path) -> None:
    """Without a sample the message asks for one; with it the model serves."""
    model = LogisticRegression(max_iter=500).fit(X, Y)
    path = tmp_path / "model.onnx"
    open_width = [("X", FloatTensorType([None, None]))]
    path.write_bytes(convert_sklearn(model, initial_types=open_width).SerializeToString())
    found = ModelPath.at(path)
    with pytest.raises(ModelBroken, match="sample_input"):
        table_model(load(found, Settings()), Settings())
    sample = pd.DataFrame(X[::60], columns=list("abcd"))
    path.with_name("sample_input.json").write_text(sample.to_json(orient="records"))
    served = table_model(load(found, Settings()), Settings())
    answers = served.score("predict", pd.DataFrame(X, columns=list("abcd")))
    assert np.asarray(answers).tolist() == model.predict(X).tolist()
