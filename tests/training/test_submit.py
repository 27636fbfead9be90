"""`python -m training submit`: both real SDKs, and a loopback fake that runs what it gets."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import joblib
import pytest
import yaml

from tests.fakes.azure import Azure
from tests.fakes.azure.proxy import Answer
from tests.fakes.azure.state import GROUP, SUBSCRIPTION, WORKSPACE, Job

#: Lies in the folder and must not leave it.
PRIVATE = (".env", "own.csv", "outputs/model.joblib", "__pycache__/train.cpython-311.pyc")


@pytest.fixture(scope="module")
def azure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Azure]:
    """One fake for all jobs; at its end, no request may have gone unanswered."""
    with Azure(tmp_path_factory.mktemp("azure")) as fake:
        yield fake
        assert [(r.method, r.host, r.path) for r in fake.unknown] == []


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """A working folder with the workspace's config.json and training/, private files in it."""
    folder = tmp_path_factory.mktemp("work")
    names = {"subscription_id": SUBSCRIPTION, "resource_group": GROUP}
    (folder / "config.json").write_text(json.dumps({**names, "workspace_name": WORKSPACE}))
    for name in scripts(root):
        (folder / "training" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "training" / name).write_bytes((root / "training" / name).read_bytes())
    for name in PRIVATE:
        (folder / "training" / name).parent.mkdir(exist_ok=True)
        (folder / "training" / name).write_text("not for others")
    return folder


def submit(azure: Azure, here: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Submit as a user does."""
    command = [sys.executable, "-m", "training", "submit", *arguments]
    return subprocess.run(
        command, cwd=here, env=azure.environ(), capture_output=True, text=True, check=False
    )


def last_job(azure: Azure) -> Job:
    return list(azure.state.jobs.values())[-1]


def scripts(root: Path) -> set[str]:
    """Return what belongs to the room, by its path there; caches do not."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root / "training", capture_output=True, check=True)
    return {name for name in listed.stdout.decode().split() if (root / "training" / name).is_file()}


def test_v1_on_a_cluster(azure: Azure, here: Path, root: Path) -> None:
    """The scripts alone are uploaded; the run gets output, metrics, tags and the model."""
    done = submit(azure, here, "--sdk", "v1", "--compute", "cpu-cluster", "--",
                  "--seed", "3", "--register", "diabetes")  # fmt: skip
    assert done.returncode == 0, done.stderr
    job = last_job(azure)
    assert '{"mse": ' in done.stdout.partition("Streaming user_logs/std_log.txt")[2]
    assert done.stdout.splitlines()[-1] == job.number
    (snapshot,) = azure.state.snapshots.values()
    assert set(snapshot) == scripts(root)
    sent = azure.sent("POST", "/snapshotrun$")[0].json["Configuration"]
    assert (sent["script"], sent["target"]) == ("train_aml.py", "cpu-cluster")
    conda = sent["environment"]["python"]["condaDependencies"]
    assert conda == yaml.safe_load((root / "training" / "env.yml").read_text())
    metrics = json.loads(next(x for x in done.stdout.splitlines() if x.startswith('{"mse"')))
    assert job.metrics.items() >= {"alpha": 0.5, "seed": 3, **metrics}.items()
    assert job.tags == {"model": "ridge"}

    model = azure.state.models["diabetes:1"]
    assert (model["runId"], model["framework"]) == (job.number, "ScikitLearn")
    assert model["resourceRequirements"] == {"cpu": 1.0, "memoryInGB": 0.5, "gpu": None}
    prefix = azure.state.assets[model["url"].rpartition("/")[2]]
    content = azure.state.blobs[f"{prefix}/model.joblib"]
    assert model["properties"]["sha256"] == hashlib.sha256(content).hexdigest()
    assert f"{prefix}/models.json" in azure.state.blobs


def test_v2_on_this_machine(azure: Azure, here: Path, root: Path) -> None:
    """The scripts alone are uploaded, the SDK starts the job here, and its output is shown."""
    done = submit(azure, here, "--sdk", "v2", "--compute", "local", "--", "--seed", "4")
    assert done.returncode == 0, done.stderr
    job = last_job(azure)
    assert job.process is None, "the fake started it, not the SDK"
    assert '{"mse": ' in done.stdout.partition("Streaming user_logs/std_log.txt")[2]
    names = {blob.partition("/training/")[2] for blob in azure.state.blobs if "code-" in blob}
    assert names == scripts(root)
    output = job.folder / "outputs" / "model"
    (entry,) = json.loads((output / "models.json").read_text())["models"]
    assert entry["parameters"] == {"alpha": 0.5, "seed": 4}
    assert joblib.load(output / "model.joblib").alpha == 0.5


def test_a_job_that_fails(azure: Azure, here: Path) -> None:
    """What the job said is shown, one sentence follows, and the exit code is 1."""
    done = submit(azure, here, "--sdk", "v1", "--compute", "local", "--", "--seed", "-1")
    assert done.returncode == 1
    assert last_job(azure).process is None, "the fake started it, not the SDK"
    assert "'-1' is not a whole number" in done.stdout
    assert "The job itself ended with an error: its output is above." in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("sdk", ["v1", "v2"])
def test_a_refused_sign_in(azure: Azure, here: Path, sdk: str) -> None:
    """Azure's own words, what to do, no traceback; nothing secret is repeated."""
    said = {"error": "invalid_client", "error_description": "AADSTS7000222: keys are expired."}
    azure.fail("POST", r"microsoftonline\.com/.*token$", Answer(401, said), times=3)
    done = submit(azure, here, "--sdk", sdk)
    azure.proxy.failures.clear()
    assert done.returncode == 1
    assert "AADSTS7000222" in done.stderr
    assert "az login" in done.stderr
    assert "Traceback" not in done.stderr
    assert "not-a-secret" not in done.stderr + done.stdout
