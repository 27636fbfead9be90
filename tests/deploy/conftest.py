"""A copy of what is deployed, in a folder of the test's own, and the command line."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import jsonschema
import pytest
import requests
from typer.testing import CliRunner

from deploy.cli import app
from tests.fakes.azure import Azure

ROOT = Path(__file__).resolve().parents[2]
RESULT = json.loads((ROOT / "deploy" / "cli" / "result.schema.json").read_text())

COPIED = ("env.yml", "inference_config.yml", "requirements.lock", "score", "deploy/aci.yml",
          "deploy/aks.yml")  # fmt: skip


@dataclass(frozen=True)
class Project:
    """A project a test may break."""

    root: Path

    def write(self, name: str, content: str | bytes) -> None:
        """Write a file, and the folder it is in."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace a text that must be there."""
        text = (self.root / name).read_text()
        assert old in text, f"{name} has no {old!r}"
        self.write(name, text.replace(old, new))

    def remove(self, name: str) -> None:
        """Remove a file or a folder."""
        path = self.root / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()


@pytest.fixture(autouse=True)
def _install_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have `check` hide what env.yml does not bring instead of installing what it does."""
    monkeypatch.setenv("DEPLOY_NO_INSTALL", "1")


@pytest.fixture
def project(
    tmp_path: Path, root: Path, sample_model: Path, monkeypatch: pytest.MonkeyPatch
) -> Project:
    """A copy of the project's uploadable part with the sample model; the working folder."""
    here = tmp_path / "project"
    for name in COPIED:
        (here / name).parent.mkdir(parents=True, exist_ok=True)
        if (root / name).is_dir():
            ignore = shutil.ignore_patterns("__pycache__")
            shutil.copytree(root / name, here / name, ignore=ignore)
        else:
            shutil.copy(root / name, here / name)
    shutil.copytree(sample_model, here / "models" / "diabetes" / "1")
    monkeypatch.chdir(here)
    return Project(here)


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The result in the JSON on standard output."""
        return self.told["result"]

    @property
    def told(self) -> Any:
        """The JSON on standard output: one object of the published form."""
        told = json.loads(self.out)
        jsonschema.validate(told, RESULT)
        assert told["ok"] == (self.code == 0)
        return told


def run(*arguments: str) -> Ended:
    """Run the command line in this process."""
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    return Ended(result.exit_code, result.stdout, result.stderr)


@dataclass(frozen=True)
class Operator:
    """Runs the command line as an operator does: a process of its own, with the real SDKs."""

    azure: Azure
    project: Project

    def command(self, *arguments: str) -> list[str]:
        """Return the command of a verb."""
        return [sys.executable, "-m", "deploy", *arguments]

    def environ(self) -> dict[str, str]:
        """Return an environment that leads to the fake and to this repository's `deploy`."""
        return {**self.azure.environ(), "PYTHONPATH": str(ROOT)}

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a verb, to read on while it runs."""
        return subprocess.Popen(
            self.command(*arguments),
            env=self.environ(),
            cwd=self.project.root,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str) -> Ended:
        """Run a verb and wait for its end."""
        done = subprocess.run(
            self.command(*arguments),
            env=self.environ(),
            cwd=self.project.root,
            capture_output=True,
            text=True,
            check=False,
        )
        return Ended(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def azure(tmp_path: Path) -> Iterator[Azure]:
    """An Azure of the test's own; at its end, no request may have gone unanswered."""
    folder = tmp_path / "azure"
    folder.mkdir()
    with Azure(folder) as fake:
        yield fake
    assert [(r.method, r.host, r.path) for r in fake.unknown] == []


@pytest.fixture
def operator(azure: Azure, project: Project) -> Operator:
    """An operator with a project of the test's own in front of the fake."""
    return Operator(azure, project)


def follow_log(operator: Operator, score_url: str, *options: str) -> None:
    """Follow the log of a service until it says what was asked later, then press Ctrl-C."""
    follow = operator.start("logs", *options, "--follow")
    assert follow.stdout is not None
    read_until(follow.stdout, "POST /score 200")
    requests.get(f"{score_url}?said-later", timeout=60)
    read_until(follow.stdout, "GET /score")
    follow.send_signal(signal.SIGINT)
    _, told = follow.communicate(timeout=60)
    assert (follow.returncode, "Traceback" in told) == (130, False), told


def read_until(stream: IO[str], wanted: str) -> None:
    """Read lines until one has the text; the end of the stream fails."""
    for line in stream:
        if wanted in line:
            return
    raise AssertionError(f"ended without {wanted!r}")
