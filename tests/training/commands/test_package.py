"""`python -m training package`: a model that was trained elsewhere, by the command line."""

from __future__ import annotations

import json
from pathlib import Path

import joblib
import mlflow.sklearn
import pandas as pd
import pytest
import requests
from mlflow.models import infer_signature
from sklearn.linear_model import LogisticRegression

from deploy.servers.azmlinfsrv import Server
from tests.training.commands.program import run

# mlflow says so of its own code while it is imported.
pytestmark = pytest.mark.filterwarnings("ignore:.*Any type hint is inferred:UserWarning")

TABLE = pd.DataFrame(
    {"size": [i + 0.5 for i in range(20)], "rooms": range(20), "sold": ["yes", "no"] * 10}
)
X = TABLE[["size", "rooms"]].astype(float)


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A folder with a model and a German table."""
    joblib.dump(LogisticRegression().fit(X, TABLE["sold"]), tmp_path / "model.joblib")
    TABLE.to_csv(tmp_path / "data.csv", sep=";", decimal=",", index=False)
    return tmp_path


def test_a_model_and_its_table(here: Path, root: Path) -> None:
    """The folder is printed; the door without code serves it."""
    done = run("package", "model.joblib", "--sample", "data.csv", cwd=here, root=root)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "models/model/1\n"
    assert "data.csv: semicolon-separated, decimal comma, UTF-8, 3 columns" in done.stderr
    folder = here / done.stdout.strip()
    sample = json.loads((folder / "sample_input.json").read_text())
    assert sample == [{"size": 10.0, "rooms": 9.5}]
    with Server(root / "score" / "auto.py", folder) as server:
        answer = requests.post(server.score_url, json={"Inputs": {"data": sample}}, timeout=60)
    assert answer.json() == json.loads((folder / "sample_output.json").read_text())


def test_an_mlflow_model(tmp_path: Path, root: Path) -> None:
    """The signature is what the table is to others; the folder is served and verified."""
    model = LogisticRegression().fit(X, TABLE["sold"])
    mlflow.sklearn.save_model(
        model, str(tmp_path / "logged"), signature=infer_signature(X, model.predict(X)),
        pip_requirements=["scikit-learn==1.7.2"],
    )  # fmt: skip
    done = run("package", "logged", "--output", "models/m/1", cwd=tmp_path, root=root)
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "models" / "m" / "1"
    sample = json.loads((folder / "sample_input.json").read_text())
    with Server(root / "score" / "auto.py", folder) as server:
        answer = requests.post(server.score_url, json={"Inputs": {"data": sample}}, timeout=60)
        described = requests.get(f"{server.score_url}?describe", timeout=60).json()
    assert answer.json() == json.loads((folder / "sample_output.json").read_text())
    assert described["models"][0]["verified"] is True


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["model.joblib"], "--sample is needed"),
        (["nowhere.joblib", "--sample", "data.csv"], "nowhere.joblib: No such file"),
        (["model.joblib", "--sample", "nowhere.csv"], "nowhere.csv: there is no such file"),
        (["model.joblib", "--sample", "other.csv"], "the model was trained on rooms, which the"),
        (["model.joblib", "--sample", "data.csv", "--target", "sould"], "--target sould"),
        (["notes.txt", "--sample", "data.csv"], "expected a file ending in .joblib"),
        (["broken.pkl", "--sample", "data.csv"], "broken.pkl cannot be loaded"),
    ],
)
def test_a_mistake_is_one_sentence(
    here: Path, root: Path, arguments: list[str], expected: str
) -> None:
    """Exit code 2, what was found, no traceback, and nothing is written."""
    (here / "other.csv").write_text("size\n1\n2\n")
    (here / "notes.txt").touch()
    (here / "broken.pkl").write_bytes(b"no pickle")
    done = run("package", *arguments, cwd=here, root=root)
    assert done.returncode == 2
    assert expected in done.stderr
    assert "Traceback" not in done.stderr
    assert not (here / "models").exists()
