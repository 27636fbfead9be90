"""docs/pipelines: every command line of both pipelines is run, in order, against the fake Azure."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.conftest import Operator, Project, azure, operator, project

#: The same fixtures as the deployment's tests: a copy of the project, and the fake.
__all__ = ["azure", "operator", "project"]

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pipelines"


def command_lines(node: Any) -> Iterator[str]:
    """Yield what each step of a pipeline runs, in order."""
    if isinstance(node, list):
        for item in node:
            yield from command_lines(item)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key in ("run", "script", "bash") and isinstance(value, str):
                yield value
            else:
                yield from command_lines(value)


def test_both_pipelines_run_the_same_commands() -> None:
    """Ours are the same in both, so that running one runs the other's too."""
    ours = [
        [line.strip() for text in command_lines(yaml.safe_load((FOLDER / name).read_text()))
         for line in text.splitlines() if line.strip().startswith((".venv/bin/python", "make"))]
        for name in ("github-actions.yml", "azure-pipelines.yml")
    ]  # fmt: skip
    assert ours[0] == ours[1]
    assert len(ours[0]) == 10


def test_every_command_line_runs(operator: Operator, root: Path, project: Project) -> None:
    """From the training to production: registered, checked, staged, smoked, deployed."""
    here = project.root
    for name in (".venv", "training"):
        (here / name).symlink_to(root / name)
    (here / "build").mkdir()
    environ = operator.environ() | {"GITHUB_OUTPUT": str(here / "github_output")}
    for text in command_lines(yaml.safe_load((FOLDER / "github-actions.yml").read_text())):
        # What `make setup` and `make test` do has led to this test.
        make = text.startswith("make ")
        line = f"{text} --dry-run" if make else text
        done = subprocess.run(
            ["bash", "-eo", "pipefail", "-c", line], cwd=root if make else here, env=environ,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
    assert (here / "github_output").read_text() == "registered=1\n"
    assert set(operator.azure.state.services) == {"diabetes-staging", "diabetes"}
    tags = operator.azure.state.models["diabetes:1"]["kvTags"]
    assert tags["compared_with"] == "nothing: the first"
    assert not operator.azure.unknown


@pytest.mark.parametrize("name", ["github-actions.yml", "azure-pipelines.yml"])
def test_every_stage_is_there(name: str) -> None:
    """Test, train, compare and register, check, staging, smoke, approval, production."""
    text = (FOLDER / name).read_text()
    steps = ("make test", "train_aml.py train", "training register", "deploy check", "deploy up",
             "deploy smoke", "environment: production")  # fmt: skip
    places = [text.index(step) for step in steps]
    assert places == sorted(places)
