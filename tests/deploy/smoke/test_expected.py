"""What the model itself says: compared where it can be asked, and said where it cannot."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from deploy.smoke.expected import mismatch, own_predictions
from deploy.staging.models import ModelSource
from tests.deploy.conftest import Project, run

X = pd.DataFrame({"a": [0.0, 1.0, 2.0, 3.0], "b": [1.0, 0.0, 1.0, 0.0]})
ROWS = X.to_dict("records")


@pytest.fixture
def model(tmp_path: Path) -> ModelSource:
    """A classifier with named columns."""
    joblib.dump(LogisticRegression().fit(X, ["low", "low", "high", "high"]), tmp_path / "m.joblib")
    return ModelSource("mine", tmp_path)


def test_labels_and_probabilities(model: ModelSource) -> None:
    """The method that the request names is asked, whatever the order of the columns."""
    fitted = joblib.load(model.path / "m.joblib")
    turned = [dict(reversed(row.items())) for row in ROWS]
    labels = own_predictions([model], {"Inputs": {"data": turned}})
    assert labels.values == fitted.predict(X).tolist()
    body = {"Inputs": {"data": ROWS}, "GlobalParameters": {"method": "predict_proba"}}
    answer = [dict(zip(["high", "low"], row, strict=True)) for row in fitted.predict_proba(X)]
    assert mismatch({"Results": answer}, own_predictions([model], body)) == ""
    answer[0]["high"] += 0.01
    assert "the model itself predicts" in mismatch(
        {"Results": answer}, own_predictions([model], body)
    )


def test_classes_are_named_as_json_names_them(tmp_path: Path) -> None:
    """As the service does: `true` is no Python word there."""
    fitted = LogisticRegression().fit(X, [True, False, True, False])
    joblib.dump(fitted, tmp_path / "m.joblib")
    body = {"Inputs": {"data": ROWS}, "GlobalParameters": {"method": "predict_proba"}}
    (first, *_) = own_predictions([ModelSource("mine", tmp_path)], body).values or []
    assert list(first) == ["false", "true"]


def test_a_model_of_several_and_rows_without_names(model: ModelSource, tmp_path: Path) -> None:
    """The request's GlobalParameters choose among models; plain rows need no names."""
    (tmp_path / "other").mkdir()
    fitted = LogisticRegression().fit(X.to_numpy(), [0, 1, 0, 1])
    joblib.dump(fitted, tmp_path / "other" / "m.joblib")
    other = ModelSource("other", tmp_path / "other" / "m.joblib")
    body = {"data": X.to_numpy().tolist(), "GlobalParameters": {"model": "other"}}
    assert own_predictions([model, other], body).values == fitted.predict(X.to_numpy()).tolist()


@pytest.mark.parametrize(
    ("models", "body", "because"),
    [
        (2, {"data": ROWS}, "there are 2 models and the sample names none"),
        (1, {"image": "aGVsbG8="}, "the request has no rows"),
        (1, {"data": [{"a": 1.0}]}, "the request's columns are not the model's own"),
        (1, {"data": ROWS, "GlobalParameters": {"method": "transform"}},
         "m.joblib holds a LogisticRegression without transform()"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_said(
    model: ModelSource, models: int, body: Any, because: str
) -> None:
    """No comparison goes missing silently."""
    expected = own_predictions([model] * models, body)
    assert expected.values is None
    assert str(expected) == f"not compared with the model's own prediction: {because}"
    assert mismatch({"Results": [1]}, expected) == ""


def test_other_files(tmp_path: Path) -> None:
    """A format that joblib does not read, or a file with more than a model, is named."""
    (tmp_path / "model.onnx").write_bytes(b"")
    said = own_predictions([ModelSource("m", tmp_path)], {"data": ROWS})
    assert "holds 0 joblib files, not one" in str(said)
    joblib.dump({"classifier": np.zeros(1)}, tmp_path / "m.joblib")
    said = own_predictions([ModelSource("m", tmp_path)], {"data": ROWS})
    assert "m.joblib holds a dict without predict()" in str(said)


@pytest.mark.parametrize(
    ("door", "compared"),
    [("classifier", True), ("raw_json", True), ("auto", True), ("image", False)],
)
def test_every_door(
    project: Project, model_of: Callable[[str], Path], door: str, compared: bool
) -> None:
    """`check` holds each door's sample against the model; for pictures it says that it cannot."""
    shutil.copytree(model_of(door), project.root / "models" / door)
    ended = run("check", "--target", "local", "--entry", f"score/{door}.py",
                "--model", f"models/{door}", "--json")  # fmt: skip
    assert ended.code == 0, ended.err
    told = [f for f in ended.document["findings"] if "not compared" in f["problem"]]
    assert bool(told) is not compared, json.dumps(ended.document["findings"])
