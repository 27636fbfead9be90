"""Every format through the door without code, over HTTP under the real azmlinfsrv."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import joblib
import lightgbm
import numpy as np
import pandas as pd
import pytest
import requests
import skops.io
import xgboost
from skl2onnx import to_onnx
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

from deploy.servers.azmlinfsrv import Server
from tests.estimators import DIABETES, IRIS, PROGRESSION, SPECIES, records

LINEAR = LogisticRegression(max_iter=900).fit(IRIS, SPECIES)
BOOSTED = xgboost.XGBClassifier(n_estimators=3).fit(IRIS, SPECIES)
LIGHT = lightgbm.LGBMRegressor(n_estimators=3, verbose=-1).fit(DIABETES, PROGRESSION)
ROWS = IRIS.iloc[::30]
MATRIX = ROWS.set_axis([f"x{i}" for i in range(4)], axis=1)
PATIENTS = DIABETES[:5]


def onnx(path: Path) -> None:
    graph = to_onnx(LINEAR, IRIS[:1].to_numpy(np.float32))
    path.write_bytes(graph.SerializeToString())


#: Format: file name, how it is written, the table to score, what the saved model says to it.
#: joblib is in tests/score/test_auto.py, MLflow too, Spark in test_spark_table.py.
CASES: dict[str, tuple[str, Callable[[Path], Any], pd.DataFrame, Any]] = {
    "skops": ("a.skops", lambda path: skops.io.dump(LINEAR, path), ROWS, LINEAR.predict(ROWS)),
    "onnx": ("a.onnx", onnx, MATRIX, LINEAR.predict(ROWS)),
    "xgboost": ("a.ubj", BOOSTED.save_model, ROWS, BOOSTED.predict(ROWS)),
    "lightgbm": ("a.txt", LIGHT.booster_.save_model, PATIENTS, LIGHT.predict(PATIENTS)),
}


@pytest.mark.parametrize("kind", CASES)
def test_every_format_is_served(root: Path, tmp_path: Path, kind: str) -> None:
    """The file alone is enough, and the answers are those of the model that was saved."""
    name, write, table, expected = CASES[kind]
    write(tmp_path / name)
    with Server(root / "score" / "auto.py", tmp_path / name) as server:
        body = {"Inputs": {"data": records(table)}}
        answer = requests.post(server.score_url, json=body, timeout=60)
        described = requests.get(f"{server.score_url}?describe", timeout=60).json()
    assert answer.status_code == 200, answer.text
    np.testing.assert_allclose(answer.json()["Results"], expected, rtol=1e-5)
    (model,) = described["models"]
    assert (model["name"], model["format"], model["verified"]) == ("a", kind, False)


def test_a_parquet_sample_decides_the_columns(root: Path, tmp_path: Path) -> None:
    """Whole numbers, dates and categories of the sample's columns are those of the input."""
    table = pd.DataFrame(
        {
            "kind": pd.Categorical(["a", "b", "b"]),
            "rooms": [1, 2, 4],
            "day": pd.to_datetime(["2026-01-02", "2026-02-03", "2026-03-04"]),
        }
    )
    # It does without the day, and yet a request has to bring it: the sample decides.
    columns = [("kind", OneHotEncoder(), ["kind"]), ("rooms", "passthrough", ["rooms"])]
    model = make_pipeline(ColumnTransformer(columns), Ridge()).fit(table, [1.0, 2.0, 4.0])
    joblib.dump(model, tmp_path / "model.joblib")
    table[:1].to_parquet(tmp_path / "sample_input.parquet")
    rows = table.assign(day=table["day"].dt.strftime("%Y-%m-%dT00:00:00Z")).to_dict("records")
    wrong = [("kind", "c"), ("rooms", 1.5), ("day", "yesterday")]
    with Server(root / "score" / "auto.py", tmp_path) as server:
        answer = requests.post(server.score_url, json={"Inputs": {"data": rows}}, timeout=60)
        assert answer.status_code == 200, answer.text
        np.testing.assert_allclose(answer.json()["Results"], model.predict(table))
        for column, value in wrong:
            body = {"Inputs": {"data": [rows[0] | {column: value}]}}
            answer = requests.post(server.score_url, json=body, timeout=60)
            found = [error["where"] for error in answer.json()["errors"]]
            assert (answer.status_code, found) == (400, [f"Inputs.data[0].{column}"])
