"""The Python package, installed: its command, and the completion of its options."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def installed(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package, installed as it is; pip builds in the source folder, so from a copy."""
    folder = tmp_path_factory.mktemp("package")
    source = shutil.copytree(root / "clients" / "python", folder / "python")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--target", folder / "site", source], check=True)
    return folder / "site"


def in_shell(installed: Path, script: str, **environ: str) -> str:
    path = f"{installed / 'bin'}:{os.environ['PATH']}"
    environment = {**os.environ, **environ, "PYTHONPATH": str(installed), "PATH": path}
    run = subprocess.run(
        ["bash", "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    return run.stdout


def test_the_package_installs(installed: Path) -> None:
    """The package installs as it is and brings the command, which explains itself."""
    assert "SCORING_KEY" in in_shell(installed, "score --help")
    assert (installed / "scoring_client" / "py.typed").is_file()


def test_completion_in_bash(installed: Path) -> None:
    """What --install-completion puts in place completes options in a real bash."""
    script = """
    eval "$(score --show-completion bash)"
    COMP_WORDS=(score --uri http://h --enc) COMP_CWORD=3
    _score_completion score
    printf '%s\\n' "${COMPREPLY[@]}"
    """
    off = {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    assert in_shell(installed, script, **off).split() == ["--encoding"]


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_completion_in_other_shells(installed: Path, shell: str) -> None:
    """Zsh and fish get the options by the question that their completion scripts ask.

    The shells themselves are not part of the test system.
    """
    asked = {"_TYPER_COMPLETE_ARGS": "score --uri http://h --enc"}
    asked |= {"_SCORE_COMPLETE": f"complete_{shell}", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    assert "--encoding" in in_shell(installed, "score", **asked)
