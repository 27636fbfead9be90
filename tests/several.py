"""Folders of small models, for the tests of everything that serves several."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import joblib
from sklearn.dummy import DummyClassifier, DummyRegressor


def constant(answer: Any, columns: int = 1) -> Any:
    """Return a model of so many columns that always answers this."""
    row = [[0.0] * columns]
    if isinstance(answer, str):
        return DummyClassifier(strategy="constant", constant=answer).fit(row, [answer])
    return DummyRegressor(strategy="constant", constant=answer).fit(row, [answer])


def write(folder: Path, models: dict[str, Any]) -> Path:
    """Write NAME/VERSION/model.joblib for each; None is a file that is no model."""
    for place, model in models.items():
        (folder / place).mkdir(parents=True)
        if model is None:
            (folder / place / "model.pkl").write_bytes(b"nothing")
        else:
            joblib.dump(model, folder / place / "model.joblib")
    return folder
