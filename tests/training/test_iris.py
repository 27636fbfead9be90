"""`training/iris.py`: a classifier, by the same command line."""

from __future__ import annotations

import json
from pathlib import Path

import iris
import joblib
import numpy as np
import pandas as pd
import pytest
from matplotlib.image import imread
from sklearn.metrics import accuracy_score


@pytest.mark.parametrize(("kernel", "penalty"), [("linear", 1.0), ("rbf", 0.5)])
def test_kernel_and_penalty_are_arguments(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kernel: str, penalty: float
) -> None:
    """The model written is the one asked for, its accuracy and confusion matrix are printed."""
    iris.main(["--kernel", kernel, "--penalty", str(penalty), "--output", str(tmp_path)])
    printed = json.loads(capsys.readouterr().out)
    model = joblib.load(tmp_path / "model.joblib")
    test = iris.split_data(*iris.sample_data())["test"]
    assert (model.kernel, model.C) == (kernel, penalty)
    assert model.predict_proba(test["X"]).shape == (len(test["y"]), 3)
    assert printed["accuracy"] == accuracy_score(test["y"], model.predict(test["X"])) > 0.9
    assert np.trace(printed["confusion_matrix"]) == round(printed["accuracy"] * len(test["y"]))


def test_outputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without arguments everything goes to `outputs`, the picture included."""
    monkeypatch.chdir(tmp_path)
    iris.main([])
    names = {path.name for path in (tmp_path / "outputs").iterdir()}
    assert names == {"model.joblib", "models.json", "sample_input.json", "confusion_matrix.png"}
    assert imread(tmp_path / "outputs" / "confusion_matrix.png").shape == (900, 900, 4)


def test_own_data(tmp_path: Path) -> None:
    """Whole numbers as labels stay whole numbers."""
    df = pd.DataFrame({"x": range(40), "kind": [0, 1] * 20})
    df["x"] += df["kind"] * 100
    df.to_csv(tmp_path / "own.csv", index=False)
    iris.main(["--data", str(tmp_path / "own.csv"), "--target", "kind", "--output", str(tmp_path)])
    model = joblib.load(tmp_path / "model.joblib")
    assert model.predict(pd.DataFrame({"x": [1.0, 139.0]})).tolist() == [0, 1]


def test_unknown_kernel(capsys: pytest.CaptureFixture[str]) -> None:
    """A kernel that does not exist is answered with those that do."""
    with pytest.raises(SystemExit):
        iris.main(["--kernel", "popcorn"])
    assert "linear" in capsys.readouterr().err
