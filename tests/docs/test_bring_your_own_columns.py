"""The guide for a user's own columns, followed to the letter in a copy of the project."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.servers.azmlinfsrv import Server
from tests.docs.documented import commands, examples, saved_files

PAGE = "docs/bring-your-own-columns.md"


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """A copy of the project in which the guide's files are saved and its model is trained."""
    copy = tmp_path_factory.mktemp("clone")
    for room in ("score", "deploy", "clients/contract"):
        shutil.copytree(root / room, copy / room, ignore=shutil.ignore_patterns("__pycache__"))
    files = saved_files(root / PAGE)
    assert list(files) == ["train_wine.py", "score/wine.py"]
    for path, text in files.items():
        (copy / path).write_text(text)
    run(copy, commands(root / PAGE, ".venv/bin/python train_wine.py")[0])
    return copy


def run(folder: Path, command: str) -> str:
    """Run a command of the guide with this environment's Python."""
    arguments = command.replace(".venv/bin/python", sys.executable).split()
    done = subprocess.run(arguments, cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.fixture(scope="module")
def server(clone: Path, root: Path) -> Iterator[Server]:
    """What the guide's `make serve` starts."""
    (command,) = commands(root / PAGE, "make serve")
    options = dict(word.split("=") for word in command.split()[2:])
    with Server(clone / options["ENTRY"], clone / options["MODEL_DIR"]) as started:
        yield started


@pytest.mark.needs("curl")
def test_the_requests_get_the_answers(root: Path, server: Server) -> None:
    """The good request is scored, the bad one is answered with all its mistakes."""
    good, bad = examples(root / PAGE)
    assert good.run(server.url) == good.answer
    assert bad.run(server.url) == bad.answer
    assert bad.answer["error_count"] == len(bad.answer["errors"])


def test_the_script_keeps_the_projects_own_rules(root: Path, clone: Path) -> None:
    """What a user saves beside the doors does not break `make test`: format, lint and types."""
    shutil.copy(root / "pyproject.toml", clone)
    # What mypy found out about the packages is kept from its last run.
    types = f"mypy --cache-dir {root / '.mypy_cache'}"
    for tool in ("ruff check", "ruff format --check", types):
        run(clone, f".venv/bin/python -m {tool} score/wine.py")


def test_the_description_is_written(root: Path, clone: Path) -> None:
    """The last command writes the three documents, in which the columns have their types."""
    (command,) = commands(root / PAGE, ".venv/bin/python -m deploy swagger")
    paths = run(clone, command).split()
    assert paths == [f"build/wine/swagger{v}.json" for v in ("2", "3", "3.1")]
    schemas = json.loads((clone / paths[2]).read_text())["components"]["schemas"]
    columns = schemas["DataRow"]["properties"]
    assert columns["closure"]["enum"] == ["cork", "screw cap"]
    assert columns["rating"]["type"] == ["integer", "null"]
    assert columns["bottled"] == {"type": "string", "format": "date-time"}
