"""docs/from-studio.md, followed to the letter, in a folder that has the project in it."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from studio_runtime.config import Config, Limits, Names

from deploy.servers.azmlinfsrv import Server
from tests.docs.documented import HOST, blocks

SAVED = re.compile(r"[Ss]ave it as `([^`]+)`:\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"`(script\.py:\d+: [^`]+)`")


@pytest.fixture
def project(root: Path, tmp_path: Path) -> Path:
    """The project as a reader has it, but for what the page has them write."""
    for name in (
        ".venv",
        "deploy",
        "score",
        "env.yml",
        "inference_config.yml",
        "requirements.lock",
    ):
        (tmp_path / name).symlink_to(root / name)
    return tmp_path


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-euc", command], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.mark.needs("curl")
def test_the_page_is_followed(
    root: Path, project: Path, start_server: Callable[..., Server]
) -> None:
    """A script of 2016 is saved, mended, run, checked, served, and answered as printed."""
    page = root / "docs" / "from-studio.md"
    text = page.read_text()
    for name, content in SAVED.findall(text):
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    shell = [block for language, block in blocks(page) if language == "sh"]
    fix, by_hand, alone, check, serve, curl = shell
    mended = run(fix, project)
    # What is left fails only when it is reached: the script can be served already.
    assert mended.returncode == 0, mended.stderr
    (left,) = NAMED.findall(text)
    assert left in mended.stderr
    assert run(by_hand, project).returncode == 0
    done = run(alone, project)
    assert done.returncode == 0, done.stderr
    assert "gone" not in done.stderr
    assert "Input pandas.DataFrame #1:" in done.stdout
    checked = run(check, project)
    assert "No fault found." in checked.stdout, checked.stderr
    options = dict(option.split("=") for option in shlex.split(serve)[2:])
    server = start_server(root / options["ENTRY"], project / options["MODEL_DIR"])
    answer = json.loads(run(curl.replace(HOST, server.url), project).stdout)
    printed = [json.loads(block) for language, block in blocks(page) if language == "json"]
    assert answer == printed[-1]


def test_the_tables_are_complete(root: Path) -> None:
    """Every key and every limit of studio.yml stands in the page, with its default."""
    text = (root / "docs" / "from-studio.md").read_text()
    keys = {field.alias or name for name, field in Config.model_fields.items()}
    assert keys <= set(re.findall(r"^\| `(\w+)`", text, re.MULTILINE))
    limits = text.partition("| limit | default |")[2].partition("\n\n")[0]
    assert set(Limits.model_fields) == set(re.findall(r"`(\w+)`", limits))
    assert set(Names.model_fields) <= set(re.findall(r"\w+", text))
