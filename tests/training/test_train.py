"""`training/train.py`: its functions, and the program as a user starts it."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
import pytest
import train
from matplotlib.image import imread
from sklearn.datasets import load_diabetes

from tests.nearly import nearly


def run(script: str, *arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a training script as a user does, in another folder than the project's."""
    path = Path(train.__file__).parent / script
    command = [sys.executable, "-W", "error", str(path), *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def test_the_tutorials_check() -> None:
    """Six points and alpha 1.2 give the two predictions that the tutorial gives."""
    X, y = np.array([[1], [2], [3], [4], [5], [6]]), np.array([10, 9, 8, 8, 6, 5])
    model = train.train_model({"train": {"X": X, "y": y}}, {"alpha": 1.2})
    expected = [9.93939393939394, 9.03030303030303]
    np.testing.assert_allclose(model.predict([[1], [2]]), expected, rtol=1e-14)


def test_split_holds_out_a_fifth() -> None:
    """80 % train, 20 % test, no row in both, the target in neither X."""
    df = pd.DataFrame({"a": range(100), "Y": range(100)})
    data = train.split_data(df)
    assert (len(data["train"]["X"]), len(data["test"]["X"])) == (80, 20)
    assert sorted([*data["train"]["X"]["a"], *data["test"]["X"]["a"]]) == list(range(100))
    assert list(data["test"]["X"].columns) == ["a"]
    assert (data["test"]["X"]["a"] == data["test"]["y"]).all()


def test_metrics_are_those_of_the_held_out_part() -> None:
    """Mean squared error and R2, computed by hand."""

    class Fixed:
        def predict(self, _features: Any) -> Any:
            return np.array([9.7, 8.9, 8.3])

    y = np.array([10.0, 9.0, 8.0])
    mse = (0.3**2 + 0.1**2 + 0.3**2) / 3
    metrics = train.get_model_metrics(Fixed(), {"test": {"X": None, "y": y}})
    assert metrics == pytest.approx({"mse": mse, "r2": 1 - mse * 3 / 2})


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the program writes with no arguments at all."""
    folder = tmp_path_factory.mktemp("train")
    done = run("train.py", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    return folder / "outputs"


def test_manifest_tells_the_truth(outputs: Path) -> None:
    """Hash, versions, metrics and script in the manifest are those of the model beside it."""
    (entry,) = json.loads((outputs / "models.json").read_text())["models"]
    content = (outputs / entry["file"]).read_bytes()
    model, df = joblib.load(outputs / entry["file"]), train.sample_data()[0]
    assert entry["sha256"] == hashlib.sha256(content).hexdigest()
    assert entry["libraries"]["scikit-learn"] == model.__getstate__()["_sklearn_version"]
    assert entry["metrics"] == nearly(train.get_model_metrics(model, train.split_data(df)))
    assert (entry["by"], entry["parameters"]["alpha"]) == ("training/train.py", model.alpha)


def test_sample_is_accepted_and_nobodys_row(outputs: Path) -> None:
    """The model scores the sample; the sample is no row of the data."""
    sample = pd.DataFrame(json.loads((outputs / "sample_input.json").read_text()))
    model = joblib.load(outputs / "model.joblib")
    assert list(sample.columns) == list(model.feature_names_in_)
    assert model.predict(sample).shape == (1,)
    assert not (load_diabetes(as_frame=True).data == sample.iloc[0]).all(axis=1).any()


def test_picture_is_a_picture(outputs: Path) -> None:
    """The picture has pixels of more than a few colours."""
    pixels = imread(outputs / "predicted_against_true.png")
    assert pixels.shape == (900, 900, 4)
    assert len(np.unique(pixels.reshape(-1, 4), axis=0)) > 10


def test_the_same_seed_gives_the_same_predictions(outputs: Path, tmp_path: Path) -> None:
    """Two trainings agree in every prediction; another seed gives others."""

    def hashes(folder: Path) -> list[str]:
        (entry,) = json.loads((folder / "models.json").read_text())["models"]
        return [entry[key] for key in ("predictions_sha256", "data_sha256")]

    train.main(["--output", str(tmp_path / "again"), "--seed", "0"])
    train.main(["--output", str(tmp_path / "other"), "--seed", "1"])
    assert hashes(tmp_path / "again") == hashes(outputs)
    assert hashes(tmp_path / "other")[0] != hashes(outputs)[0]
    assert hashes(tmp_path / "other")[1] == hashes(outputs)[1]


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_own_data(tmp_path: Path, suffix: str) -> None:
    """A user's own file is trained on, and its columns are the model's."""
    df = pd.DataFrame({"rooms": range(20), "garden": [True, False] * 10})
    df["price"] = df["rooms"] * 3 + 1
    path = tmp_path / f"houses.{suffix}"
    df.to_csv(path, index=False) if suffix == "csv" else df.to_parquet(path)
    train.main(["--data", str(path), "--target", "price", "--output", str(tmp_path / "m")])
    model = joblib.load(tmp_path / "m" / "model.joblib")
    assert list(model.feature_names_in_) == ["rooms", "garden"]
    # The middle one of the held-out rows: a float and a boolean, as the service will read them.
    (sample,) = json.loads((tmp_path / "m" / "sample_input.json").read_text())
    assert {name: type(value) for name, value in sample.items()} == {"rooms": float, "garden": bool}


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--alpha", "much"], "'much' is not a number"),
        (["--alpha", "nan"], "'nan' is not a number"),
        (["--alpha", "-1"], "-1 is below 0"),
        (["--seed", "1.5"], "not a whole number from 0"),
        (["--seed", "4294967296"], "not a whole number from 0"),
        (["--data", "nowhere.csv", "--target", "y"], "nowhere.csv: there is no such file"),
        (["--data", "nowhere.csv"], "--data and --target belong together"),
        (["--target", "y"], "--data and --target belong together"),
        (["--output", "file"], "file: File exists"),
        (["--output", "file/deep"], "file/deep: Not a directory"),
    ],
)
def test_a_mistake_is_one_sentence(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    expected: str,
) -> None:
    """A wrong argument ends with code 2, names what was found, and writes nothing."""
    monkeypatch.chdir(tmp_path)
    Path("file").touch()
    with pytest.raises(SystemExit) as stop:
        train.main(arguments)
    assert stop.value.code == 2
    assert expected in capsys.readouterr().err
    assert list(tmp_path.rglob("*")) == [tmp_path / "file"]
