"""Training the digits classifier."""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

import digits
import joblib
import numpy as np
import pandas as pd
import pytest
from digits import distort, split, train_model


@pytest.fixture(scope="module")
def model(digits_model: Path) -> Any:
    return joblib.load(digits_model / "model.joblib")


def test_held_out_digits_are_read(model: Any) -> None:
    """At least 97 % of the digits that were not trained on are read right."""
    train, test, _, labels = split()
    assert not {row.tobytes() for row in test} & {row.tobytes() for row in train}
    assert len(test) == 360
    assert model.score(test, labels) >= 0.97


def test_training_is_repeatable() -> None:
    """The same digits give the same model."""
    train, test, labels, _ = split()
    first, second = (train_model(train[:100], labels[:100]) for _ in range(2))
    assert np.allclose(first.predict_proba(test), second.predict_proba(test))


def test_distorted_digits_stay_in_range() -> None:
    """A distortion changes a digit and keeps its cells between 0 and 16."""
    train, *_ = split()
    distorted = distort(train[:20], np.random.default_rng(1))
    assert distorted.shape == (20, 64)
    assert 0 <= distorted.min() <= distorted.max() <= 16
    assert not np.allclose(distorted, train[:20])


def test_the_manifest_describes_the_file(digits_model: Path) -> None:
    """models.json names every file, its hash and the libraries it was trained with."""
    records = json.loads((digits_model / "models.json").read_text())["models"]
    for record in records:
        content = (digits_model / record["file"]).read_bytes()
        assert record["sha256"] == hashlib.sha256(content).hexdigest()
    names = [record["file"] for record in records]
    assert names == ["model.joblib", "image_input.json", "digit_grid.py"]
    record = records[0]
    assert record["libraries"]["scikit-learn"] == version("scikit-learn")
    assert record["metrics"]["accuracy"] >= 0.97


def own(rows: int, columns: int = 64, worst: float = 16.0) -> pd.DataFrame:
    cells = pd.DataFrame(np.random.default_rng(0).uniform(0, 16, (rows, columns))).add_prefix("c")
    cells.iloc[1, 2] = worst
    return cells.assign(label=["yes", "no"] * (rows // 2))


def test_own_digits(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A table of one's own goes the same way as the sample, by the shared command line."""
    own(20).to_csv(tmp_path / "own.csv", index=False)
    digits.main(["--data", str(tmp_path / "own.csv"), "--target", "label", "--copies", "1",
                 "--epochs", "1", "--seed", "4", "--output", str(tmp_path)])  # fmt: skip
    assert "accuracy" in json.loads(capsys.readouterr().out)
    written = joblib.load(tmp_path / "model.joblib")
    assert written.classes_.tolist() == ["no", "yes"]
    declared = json.loads((tmp_path / "image_input.json").read_text())
    assert declared == digits.IMAGE_INPUT | {"labels": ["no", "yes"]}
    entry, *_ = json.loads((tmp_path / "models.json").read_text())["models"]
    assert entry["parameters"] == {"copies": 1, "epochs": 1, "seed": 4}
    assert (tmp_path / "confusion_matrix.png").is_file()


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (own(20, columns=63), "63 columns beside 'label'; a digit has 64 cells"),
        (own(20, worst=255), "column 'c2' holds 255 in row 2; a cell counts ink from 0 to 16"),
    ],
)
def test_what_is_no_digit_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], table: pd.DataFrame, expected: str
) -> None:
    """Nothing is trained on rows that are no grids of 8 x 8 cells."""
    table.to_csv(tmp_path / "own.csv", index=False)
    arguments = ["--data", str(tmp_path / "own.csv"), "--target", "label"]
    with pytest.raises(SystemExit) as stop:
        digits.main([*arguments, "--output", str(tmp_path / "out" / "deep")])
    assert stop.value.code == 2
    assert expected in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
