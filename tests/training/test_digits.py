"""Training the digits classifier."""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest
from digits import distort, split, train_model


@pytest.fixture(scope="module")
def model(digits_model: Path) -> Any:
    return joblib.load(digits_model / "model.joblib")["classifier"]


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
    """models.json names the file, its hash and the libraries it was trained with."""
    (record,) = json.loads((digits_model / "models.json").read_text())["models"]
    content = (digits_model / "model.joblib").read_bytes()
    assert record["sha256"] == hashlib.sha256(content).hexdigest()
    assert record["libraries"]["scikit-learn"] == version("scikit-learn")
    assert record["metrics"]["accuracy"] >= 0.97
