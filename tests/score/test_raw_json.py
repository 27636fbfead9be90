"""The classic door, over HTTP under the real azmlinfsrv, with models as tutorials train them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest
import requests
import xgboost
from skl2onnx import to_onnx
from sklearn.dummy import DummyRegressor
from sklearn.linear_model import Ridge

from deploy.servers.azmlinfsrv import Server, ServerFailed
from tests.zoo import NUMBER_TARGET, NUMBERS

MATRIX = NUMBERS.to_numpy(np.float32)
ON_A_MATRIX = Ridge().fit(MATRIX, NUMBER_TARGET)
BOOSTED = xgboost.XGBRegressor(n_estimators=3).fit(MATRIX, NUMBER_TARGET)


def onnx(path: Path) -> None:
    path.write_bytes(to_onnx(ON_A_MATRIX, MATRIX[:1]).SerializeToString())


#: The file and how it is written, and the model that was saved.
CASES: dict[str, tuple[str, Callable[[Path], Any], Any]] = {
    "matrix": ("model.pkl", lambda path: joblib.dump(ON_A_MATRIX, path), ON_A_MATRIX),
    "xgboost": ("model.ubj", BOOSTED.save_model, BOOSTED),
    "onnx": ("model.onnx", onnx, ON_A_MATRIX),
}


@pytest.mark.parametrize("kind", CASES)
def test_a_model_without_names_is_served(root: Path, tmp_path: Path, kind: str) -> None:
    """Rows of numbers get what the model itself answers; a row of another width is a 400."""
    name, write, model = CASES[kind]
    write(tmp_path / name)
    with Server(root / "score" / "raw_json.py", tmp_path) as server:
        body = {"data": MATRIX[:4].tolist()}
        answer = requests.post(server.score_url, json=body, timeout=60)
        short = requests.post(server.score_url, json={"data": [[1.0, 2.0]]}, timeout=60)
    assert answer.status_code == 200, answer.text
    # The graph computes with 32-bit floats.
    assert answer.json()["result"] == pytest.approx(model.predict(MATRIX[:4]).tolist(), rel=1e-5)
    assert short.status_code == 400
    assert short.json()["errors"][0]["where"] == "data[0]"


@pytest.mark.parametrize(
    ("door", "columns", "message"),
    [
        ("score", 3, r"does not accept the sample of the entry script"),
        ("classifier", 4, "does not answer as declared"),
    ],
)
def test_another_model_than_the_doors_is_refused(
    root: Path, tmp_path: Path, door: str, columns: int, message: str
) -> None:
    """A door with columns of its own asks its model at the start, and says what is wrong."""
    rows = np.ones((4, columns))
    trained = DummyRegressor() if door == "classifier" else Ridge()
    joblib.dump(trained.fit(rows, [1.0, 2.0, 3.0, 4.0]), tmp_path / "model.joblib")
    server = Server(root / "score" / f"{door}.py", tmp_path)
    with pytest.raises(ServerFailed, match=message), server:
        pass
