"""`python -m training submit --script`: anybody's script, unmodified, on either SDK."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from azure_ml import Job, command_job, sweep_job
from azure_ml.spaces import azure_space
from commands import app
from pipelines import BadEstimator

from tests.fakes.azure import Azure
from tests.fakes.azure.state import GROUP, SUBSCRIPTION, WORKSPACE

pytestmark = [
    # azure-ai-ml is written for marshmallow 3, which announces version 4.
    pytest.mark.filterwarnings("ignore::marshmallow.warnings.RemovedInMarshmallow4Warning"),
    pytest.mark.filterwarnings("ignore::marshmallow.warnings.ChangedInMarshmallow4Warning"),
]

SCRIPT = """\
import argparse
from helper import doubled

parser = argparse.ArgumentParser()
parser.add_argument("--alpha", type=float, default=1.0)
parser.add_argument("--name", default="nobody")
args = parser.parse_args()
print("alpha", doubled(args.alpha), args.name)
"""


@pytest.fixture(scope="module")
def azure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Azure]:
    """One fake for all jobs; at its end, no request may have gone unanswered."""
    with Azure(tmp_path_factory.mktemp("azure")) as fake:
        yield fake
        assert [(r.method, r.host, r.path) for r in fake.unknown] == []


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of somebody's: a script with a helper, and the workspace's config.json above."""
    folder = tmp_path_factory.mktemp("work")
    names = {"subscription_id": SUBSCRIPTION, "resource_group": GROUP}
    (folder / "config.json").write_text(json.dumps({**names, "workspace_name": WORKSPACE}))
    (folder / "theirs").mkdir()
    (folder / "theirs" / "my_script.py").write_text(SCRIPT)
    (folder / "theirs" / "helper.py").write_text("def doubled(x):\n    return 2 * x\n")
    return folder


def submit(
    azure: Azure, here: Path, root: Path, *arguments: str
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "training", "submit", *arguments]
    environ = azure.environ() | {"PYTHONPATH": str(root)}
    return subprocess.run(
        command, cwd=here, env=environ, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("sdk", ["v1", "v2"])
def test_a_script_as_it_is(azure: Azure, here: Path, root: Path, sdk: str) -> None:
    """Its folder is uploaded, its arguments reach it whole, what it prints is shown."""
    done = submit(azure, here, root, "--script", "theirs/my_script.py", "--sdk", sdk,
                  "--compute", "cpu-cluster", "--", "--name", "two words")  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "alpha 2.0 two words" in done.stdout
    assert list(azure.state.jobs.values())[-1].experiment == "my_script"


def test_a_curated_environment(azure: Azure, here: Path, root: Path) -> None:
    """SDK v1 gets it by name from the workspace, v2 from Azure's own registry."""
    name = "AzureML-sklearn-1.5"
    azure.state.environments[name] = {
        "name": name, "version": "3", "python": {"userManagedDependencies": True},
    }  # fmt: skip
    chosen = ("--script", "theirs/my_script.py", "--compute", "cpu-cluster", "--environment", name)
    for sdk in ("v1", "v2"):
        done = submit(azure, here, root, *chosen, "--sdk", sdk)
        assert done.returncode == 0, done.stderr
        sent = list(azure.state.jobs.values())[-1].definition
        if sdk == "v1":
            assert sent["environment"]["name"] == name
        else:
            assert sent["environmentId"].endswith(f"/environments/{name}/labels/latest")
    job = Job(here / "theirs" / "my_script.py", compute="c", environment="sklearn-1.5:7")
    assert command_job(job).environment == (
        "azureml://registries/azureml/environments/sklearn-1.5/versions/7"
    )


def test_a_sweep(azure: Azure, here: Path, root: Path) -> None:
    """SDK v2's own sweep: the space in Azure's words, each parameter an argument of the script."""
    done = submit(
        azure, here, root, "--script", "theirs/my_script.py", "--compute", "cpu-cluster",
        "--search", "alpha=0.01:100:log", "--search", "name=a,b", "--trials", "3",
        "--metric", "mse", "--", "--name", "before",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    sent = list(azure.state.jobs.values())[-1].definition
    assert sent["jobType"] == "Sweep"
    assert sent["limits"]["maxTotalTrials"] == 3
    assert sent["objective"] == {"goal": "minimize", "primaryMetric": "mse"}
    # The fake runs the trial with the first choice of each: e to the lower exponent.
    assert "alpha 0.02 a" in done.stdout


def test_every_form_of_a_space() -> None:
    """The forms of the local sweep, in Azure's words."""
    space = azure_space(["a=1:9", "b=0.5:2", "c=1:100:log", "d=x,y"])
    swept = sweep_job(Job(compute="c", environment="e"), space, 4, "r2", "maximize")
    kinds = {name: type(value).__name__ for name, value in swept.search_space.items()}
    assert kinds == {"a": "QUniform", "b": "Uniform", "c": "QLogUniform", "d": "Choice"}
    with pytest.raises(BadEstimator, match="expected NAME=LOW:HIGH"):
        azure_space(["a=9:1"])


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--script", "nowhere.py"], "nowhere.py: there is no such file"),
        (["--script", "theirs/my_script.py", "--conda-file", "none.yml"], "none.yml: there is no"),
        (["--sdk", "v1", "--search", "a=1:2"], "--search needs --sdk v2"),
        (["--search", "a=2:1"], "expected NAME=LOW:HIGH"),
    ],
)
def test_a_mistake_is_one_sentence(
    here: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    expected: str,
) -> None:
    """The command ends with exit code 2 before anything is sent."""
    monkeypatch.chdir(here)
    with pytest.raises(SystemExit) as stop:
        app(["submit", *arguments])
    assert stop.value.code == 2
    assert expected in " ".join(capsys.readouterr().err.replace("│", " ").split())
