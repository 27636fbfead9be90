"""The README's own examples do what it says."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from deploy.servers.azmlinfsrv import Server
from tests.docs.documented import commands, examples
from tests.nearly import nearly


@pytest.mark.needs("curl")
def test_the_request_gets_the_answer(root: Path, score_server: Server) -> None:
    """The request, pasted, is answered as printed, as far as every machine agrees."""
    shown = examples(root / "README.md")
    assert shown
    for example in shown:
        assert example.run(score_server.url) == nearly(example.answer)


def test_the_commands_exist(root: Path) -> None:
    """Every make command shown is one that the Makefile has."""
    shown = commands(root / "README.md", "make ")
    assert {"make serve", "make test"} <= set(shown)
    for command in shown:
        subprocess.run([*command.split(), "--dry-run"], cwd=root, capture_output=True, check=True)
