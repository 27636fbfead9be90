"""The Studio door's own check: its script is there, served, and calls nothing that is gone."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from pathlib import Path

from deploy.checks.syntax import parse
from deploy.findings import Finding, fault, warning
from deploy.staging.models import ModelSource
from deploy.studio.old_calls import NoScript, lint
from deploy.studio.run import SAMPLE, SCRIPT, Script, check_script

#: What an entry script imports that hosts scripts of Studio's.
RUNTIME = "studio_runtime"


def hosts_studio(entry: Path) -> bool:
    """Tell whether an entry script is the Studio door, by what it imports."""
    tree = parse(entry) if entry.is_file() else None
    return isinstance(tree, ast.Module) and any(
        isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == RUNTIME
        for node in ast.walk(tree)
    )


def check_studio(entry: Path, models: Sequence[ModelSource]) -> list[Finding]:
    """Return what is wrong with the script that the Studio door would host; none for other doors.

    Args:
        entry: the entry script.
        models: what is deployed with it.
    """
    if not hosts_studio(entry):
        return []
    scripts = find_scripts(models)
    if len(scripts) != 1:
        there = ", ".join(map(str, scripts)) or ", ".join(str(model.path) for model in models)
        problem = f"The Studio door needs one {SCRIPT}; there are {len(scripts)} in {there}."
        return [fault(entry, problem, "Name the folder of one script: --model NAME=FOLDER.")]
    return check_calls(scripts[0]) + _served(scripts[0])


def find_scripts(models: Sequence[ModelSource]) -> list[Path]:
    """Return the scripts of the models, those that lie least deep."""
    found = [file for model in models for file in model.files() if file.name == SCRIPT]
    nearest = min((len(file.parts) for file in found), default=0)
    return [file for file in found if len(file.parts) == nearest]


def sample_beside(models: Sequence[ModelSource]) -> Path | None:
    """Return the request that lies beside the one script; None where there is none."""
    samples = [script.with_name(SAMPLE) for script in find_scripts(models)]
    return samples[0] if len(samples) == 1 and samples[0].is_file() else None


def check_calls(script: Path) -> list[Finding]:
    """Return what a script calls that is gone. It fails only if it is reached: a warning."""
    try:
        calls = lint(script.read_bytes().decode("utf-8-sig"))
    except (UnicodeDecodeError, NoScript):
        return []  # no Python; the run says so, with the line
    return [
        warning(
            f"{script}:{call.line}",
            f"{call.found} is gone.",
            f"Write {call.instead}"
            + (f": python -m deploy studio {script} --fix." if call.fixable else "."),
        )
        for call in calls
    ]


def _served(script: Path) -> list[Finding]:
    refused = check_script(Script.at(script))
    if not refused:
        return []
    problem = refused.strip().splitlines()
    return [fault(script, f"It cannot be served: {' '.join(problem[:2])[:400]}", "Mend it.")]
