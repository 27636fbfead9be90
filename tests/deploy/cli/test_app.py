"""The command line: its reference, its exit codes for wrong options, its list of targets."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.cli.targets import table
from deploy.targets import TARGETS
from tests.deploy.conftest import run


@pytest.mark.skipif(
    sys.version_info < (3, 11), reason="the last typer for Python 3.10 words its help differently"
)
def test_the_reference_is_what_the_program_says(root: Path) -> None:
    """docs/deploy-cli.md is generated: `python -m typer deploy.cli utils docs`."""
    command = [sys.executable, "-m", "typer", "deploy.cli", "utils", "docs"]
    generated = subprocess.run(
        [*command, "--name", "python -m deploy"],
        cwd=root,
        env={**os.environ, "COLUMNS": "100"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert (root / "docs/deploy-cli.md").read_text().strip() == generated.strip(), (
        f"run: {' '.join(command[1:])} --name 'python -m deploy' --output docs/deploy-cli.md"
    )


def test_the_table_of_targets_is_generated(root: Path) -> None:
    """docs/deploy.md shows what `python -m deploy targets` prints: every target, every fact."""
    ended = run("targets")
    assert ended.out.strip() == table()
    assert ended.out in (root / "docs" / "deploy.md").read_text(), "run: python -m deploy targets"
    assert ended.out.splitlines()[0].count("`") == 2 * len(TARGETS)


def test_a_target_is_named_in_its_own_file_only(root: Path) -> None:
    """No other module of deploy/ knows `aci` from `aks`: that is what a target's file is for."""
    elsewhere = [
        f"{path.relative_to(root)}: {name}"
        for path in (root / "deploy").rglob("*.py")
        for name in ("aci", "aks", "container")
        if f'"{name}"' in path.read_text() and path != root / "deploy" / "targets" / f"{name}.py"
    ]
    assert elsewhere == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("up",), "--target"),
        (("up", "--target", "moon"), "local"),
        (("check", "--target", "local", "--model", "a b=x"), "NAME=PATH"),
        (("check", "--target", "local", "--layout", "v3"), "v1"),
        (("up", "--target", "local", "--no-code", "Onnx"), "aci or aks"),
        (("up", "--target", "aci", "--port", "5001"), "a port of this machine"),
        (("status", "--target", "local", "--workspace", "w"), "it is for aci and aks"),
        (("delete", "--target", "local", "--yes"), "say which service, with --name"),
        (("up", "--target", "aci", "--subscription", "s", "--dry-run", "--model", "?"), "--model"),
    ],
)
@pytest.mark.usefixtures("project")
def test_a_wrong_option_ends_with_2(arguments: tuple[str, ...], told: str) -> None:
    """The message names what is possible."""
    ended = run(*arguments)
    assert ended.code == 2
    assert told in ended.err


@pytest.mark.parametrize("verb", ["serve", "page", "swagger"])
def test_the_old_names_lead_to_the_verbs(root: Path, verb: str) -> None:
    """`python -m deploy.serve` says its new name once and does the same."""
    helps = [
        subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
        for command in (
            [sys.executable, "-m", f"deploy.{verb}", "--help"],
            [sys.executable, "-m", "deploy", verb, "--help"],
        )
    ]
    assert helps[0].stdout == helps[1].stdout
    assert helps[0].stderr.count(f"python -m deploy.{verb} is now python -m deploy {verb}") == 1
    assert helps[1].stderr == ""


def test_a_workspace_is_named_whole(root: Path) -> None:
    """A subscription without the rest of the workspace's name is refused before any sign-in."""
    command = [sys.executable, "-m", "deploy", "status", "--target", "aci", "--subscription", "s"]
    ended = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert (ended.returncode, "--resource-group" in ended.stderr) == (2, True)
