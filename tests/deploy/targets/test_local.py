"""Target `local`: a real azmlinfsrv that outlives the command which started it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import joblib
import psutil
import pytest
import requests
from sklearn.datasets import load_diabetes

from tests.deploy.conftest import Ended, Project, run
from tests.nearly import nearly

FEATURES = load_diabetes(as_frame=True).data


@pytest.fixture
def local(project: Project) -> Iterator[Project]:
    """A project whose local services are stopped at the end."""
    yield project
    for state in project.root.glob("build/deploy/local/*/state.json"):
        run("delete", "--target", "local", "--name", state.parent.name, "--yes")


def up(*options: str) -> Ended:
    return run("up", "--target", "local", "--json", *options)


@pytest.mark.parametrize("layout", ["v1", "v2"])
def test_the_service_scores_in_both_layouts(
    local: Project, sample_model: Path, layout: str
) -> None:
    """`up` starts the folder in Azure's layout, and every row gets the model's prediction."""
    ended = up("--layout", layout)
    assert ended.code == 0, ended.err
    assert ended.document["smoke"]["compared_with_model"]
    body = {"Inputs": {"data": FEATURES.head(5).to_dict("records")}}
    answer = requests.post(ended.document["scoring_uri"], json=body, timeout=60)
    predicted = joblib.load(sample_model / "model.joblib").predict(FEATURES.head(5)).tolist()
    assert answer.json() == {"Results": nearly(predicted)}
    app = local.root / "build/deploy/local/diabetes/app"
    assert sorted(path.name for path in app.iterdir()) == ["azureml-models", "score"]


@pytest.mark.usefixtures("local")
def test_verbs_on_a_running_service() -> None:
    """status, list, logs, keys, smoke and delete work from commands of their own."""
    started = up()
    assert started.code == 0, started.err
    name = ("--target", "local", "--name", "diabetes")
    assert run("status", *name, "--json").document["healthy"] is True
    listed = run("list", "--target", "local", "--json").document
    assert [service["name"] for service in listed] == ["diabetes"]
    assert "POST /score 200" in run("logs", *name).out
    assert run("keys", *name, "--json").document == {}
    smoke = run("smoke", "--target", "local", "--json")
    assert smoke.document["compared_with_model"] is True
    preview = run("delete", *name, "--dry-run", "--json").document
    assert preview["delete"]["name"] == "diabetes"
    assert psutil.pid_exists(started.document["details"]["pid"])
    refused = run("delete", *name)
    assert (refused.code, "give --yes" in refused.err) == (2, True)
    assert run("delete", *name, "--yes").code == 0
    assert not psutil.pid_exists(started.document["details"]["pid"])
    assert run("status", *name).code == 4


def test_up_again_replaces_the_service_on_its_port(local: Project) -> None:
    """A second `up` runs the new code at the old address, and one process only."""
    first = up().document
    local.edit("score/score.py", '"""The tabular door', '"""My tabular door')
    second = up().document
    assert second["scoring_uri"] == first["scoring_uri"]
    assert not psutil.pid_exists(first["details"]["pid"])
    shipped = local.root / "build/deploy/local/diabetes/app/score/score.py"
    assert "My tabular door" in shipped.read_text()


def test_a_fault_leaves_the_running_service_alone(local: Project) -> None:
    """`up` with a fault ends with 3 before the running service is touched."""
    first = up().document
    local.edit("score/score.py", "def init()", "def start()")
    ended = up()
    assert ended.code == 3
    assert "def init(" in ended.err
    assert psutil.pid_exists(first["details"]["pid"])


def test_several_models_have_azures_folders(local: Project) -> None:
    """With several models each lies under its name and version, as v1 has it."""
    local.write("score/many.py", MANY)
    local.edit("inference_config.yml", "entryScript: score.py", "entryScript: many.py")
    local.write("sample.json", "{}")
    models = ("--model", "a=models/diabetes/1", "--model", "b=models/diabetes/1/model.joblib")
    ended = up(*models, "--name", "many", "--sample", "sample.json")
    assert ended.code == 0, ended.err
    assert ended.document["smoke"]["answer"] == ["a/1/1/model.joblib", "b/1/model.joblib"]
    refused = up(*models, "--name", "many", "--sample", "sample.json", "--layout", "v2")
    assert refused.code == 2
    assert "one model per deployment" in refused.err


def test_a_dry_run_starts_nothing(local: Project) -> None:
    """`--dry-run` shows files, models and port, and leaves no trace."""
    ended = up("--dry-run", "--port", "5999")
    assert ended.code == 0, ended.err
    preview = ended.document
    assert (preview["port"], preview["models"]) == (5999, {"diabetes": "models/diabetes/1"})
    assert not (local.root / "build").exists()


@pytest.mark.usefixtures("local")
def test_logs_follow_until_the_service_ends() -> None:
    """`logs --follow` of a service that has ended prints what there is and returns."""
    pid = up().document["details"]["pid"]
    process = psutil.Process(pid)
    process.terminate()
    psutil.wait_procs([process], timeout=60)
    ended = run("logs", "--target", "local", "--follow")
    assert "POST /score 200" in ended.out
    status = run("status", "--target", "local", "--json")
    assert (status.code, status.document["state"]) == (1, "stopped")


MANY = """
import json
import os
from pathlib import Path


def init():
    global models
    folder = Path(os.environ["AZUREML_MODEL_DIR"])
    models = sorted(str(p.relative_to(folder)) for p in folder.rglob("*.joblib"))


def run(raw_data):
    return models
"""
