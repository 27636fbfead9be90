"""GET /score?describe, at every door under the real server."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from scoring.models.description import describe_loaded
from scoring.models.loading import load_model

from tests.conftest import StartServer

DOORS = ("score", "classifier", "raw_json", "image", "auto", "multi_model")


@pytest.fixture(params=DOORS)
def described(
    request: pytest.FixtureRequest,
    start_server: StartServer,
    root: Path,
    model_of: Callable[[str], Path],
) -> tuple[Any, Path]:
    """What a door says of itself, and the folder of its model."""
    folder = model_of(request.param)
    server = start_server(root / "score" / f"{request.param}.py", folder)
    answer = requests.get(f"{server.score_url}?describe", timeout=60)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
    assert str(folder.parent) not in answer.text
    return answer.json(), folder


def test_every_door_tells_its_model(described: tuple[Any, Path]) -> None:
    """Name, version, format, hash, library versions, time and memory, and no path."""
    found, folder = described
    (model,) = found["models"]
    content = (folder / "model.joblib").read_bytes()
    assert (model["status"], model["format"]) == ("loaded", "joblib")
    assert model["sha256"] == hashlib.sha256(content).hexdigest()
    expected_name = folder.parent.name if folder.name.isdecimal() else folder.name
    assert (model["name"], model["version"]) == (expected_name, "1")
    assert model["memory_bytes"] >= 0
    assert model["loaded_at"].endswith("+00:00")
    if (folder / "models.json").is_file():
        records = json.loads((folder / "models.json").read_text())["models"]
        (record,) = [one for one in records if one["file"] == "model.joblib"]
        assert (model["verified"], model["libraries"]) == (True, record["libraries"])


@pytest.mark.parametrize("door", ["score", "classifier"])
def test_a_get_that_asks_nothing_is_refused(
    start_server: StartServer, root: Path, model_of: Callable[[str], Path], door: str
) -> None:
    """GET /score without the question says which parameter is missing and how to ask."""
    server = start_server(root / "score" / f"{door}.py", model_of(door))
    answer = requests.get(server.score_url, timeout=60)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["where"] == "Inputs"
    assert "?describe" in answer.json()["message"]


def test_the_version_is_the_folders(sample_model: Path, tmp_path: Path) -> None:
    """The highest of several versions is loaded, and it is the one described."""
    for version in ("9", "10"):
        folder = tmp_path / "azureml-models" / "ridge" / version
        folder.mkdir(parents=True)
        (folder / "model.joblib").symlink_to(sample_model / "model.joblib")
    environ = {"AZUREML_MODEL_DIR": str(tmp_path / "azureml-models")}
    (model,) = describe_loaded(load_model(environ))["models"]
    assert (model["name"], model["version"], model["verified"]) == ("ridge", "10", False)
