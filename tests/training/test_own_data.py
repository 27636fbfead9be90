"""A user's own table goes the whole way: train, manifest, serve without code, score."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import iris
import joblib
import numpy as np
import pandas as pd
import pytest
import requests
import train

from deploy.servers.azmlinfsrv import Server, ServerFailed
from tests.nearly import nearly


@pytest.mark.parametrize("script", [train, iris], ids=["regression", "classification"])
def test_the_whole_way(tmp_path: Path, root: Path, script: object) -> None:
    """The no-code door answers with the predictions of the model that was trained."""
    rng = np.random.default_rng(0)
    df = pd.DataFrame({"rooms": rng.integers(1, 9, 60), "area, m²": rng.uniform(20, 200, 60)})
    df["garden"] = df["rooms"] % 2 == 0
    price = 1000 * df["rooms"] + 10 * df["area, m²"]
    df["target"] = price if script is train else np.where(price > price.median(), "dear", "cheap")
    csv, model_dir = tmp_path / "own.csv", tmp_path / "model"
    df.to_csv(csv, index=False)
    command = [sys.executable, str(script.__file__), "--data", str(csv)]  # type: ignore[attr-defined]
    subprocess.run(
        [*command, "--target", "target", "--output", str(model_dir)], check=True, cwd=tmp_path
    )

    features = df.drop(columns="target").astype({"rooms": float})
    sample = json.loads((model_dir / "sample_input.json").read_text())
    with Server(root / "score" / "auto.py", model_dir) as server:
        rows = [*features.to_dict("records"), *sample]
        answer = requests.post(server.score_url, json={"Inputs": {"data": rows}}, timeout=60)
        described = requests.get(f"{server.url}/swagger.json", timeout=60).json()
    model = joblib.load(model_dir / "model.joblib")
    assert answer.status_code == 200, answer.text
    assert answer.json()["Results"] == nearly(model.predict(pd.DataFrame(rows)).tolist())
    assert "area, m²" in json.dumps(described, ensure_ascii=False)
    assert "has no models.json beside it" not in server.log()


def test_a_changed_model_is_not_served(tmp_path: Path, root: Path) -> None:
    """The manifest that the training wrote makes the service refuse another file."""
    train.main(["--output", str(tmp_path)])
    with (tmp_path / "model.joblib").open("ab") as stream:
        stream.write(b"changed")
    with pytest.raises(ServerFailed, match="not the file that models"):
        Server(root / "score" / "auto.py", tmp_path).__enter__()
