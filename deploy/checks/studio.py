"""The Studio door's own check: its script is there, served, and calls nothing that is gone."""

from __future__ import annotations

import ast
import shutil
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from deploy.checks.context import Check, Context
from deploy.checks.imports import missing_imports
from deploy.checks.syntax import parse
from deploy.config.conda_file import Packages
from deploy.findings import Finding, Level, Rule
from deploy.staging.models import ModelSource
from deploy.studio.old_calls import NoScript, lint
from deploy.studio.run import BUNDLE, SAMPLE, SCRIPT, Script, check_script

#: What an entry script imports that hosts scripts of Studio's.
RUNTIME = "studio_runtime"

ONE_SCRIPT = Rule(
    "studio.one-script",
    Level.FAULT,
    "The Studio door hosts one script, which lies in the model's folder.",
    "`--model` with a folder without azureml_main.py",
    "Name the folder of one script: --model NAME=FOLDER.",
)
OLD_CALL = Rule(
    "studio.old-call",
    Level.WARNING,
    "The script calls what its packages no longer have; it fails if the line is reached.",
    "`dataframe1.append(row)`",
    "Write what took its place: python -m deploy studio SCRIPT --fix.",
)
NOT_SERVED = Rule(
    "studio.not-served",
    Level.FAULT,
    "The script does not answer its sample as Studio ran it.",
    "`azureml_main` that returns no table",
    "Mend it.",
)


def check_door(context: Context) -> list[Finding]:
    """Return what is wrong with the script that the Studio door would host."""
    models = context.plan.models
    if context.plan.framework:
        return []
    found = check_studio(context.entry, models)
    if context.packages:
        found += check_script_imports(context.entry, models, context.packages)
    return found


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
        return [ONE_SCRIPT.at(entry, problem)]
    return check_calls(scripts[0]) + _served(scripts[0])


def find_scripts(models: Sequence[ModelSource]) -> list[Path]:
    """Return the scripts of the models, those that lie least deep."""
    found = [file for model in models for file in model.files() if file.name == SCRIPT]
    nearest = min((len(file.parts) for file in found), default=0)
    return [file for file in found if len(file.parts) == nearest]


def own_sample(entry: Path, models: Sequence[ModelSource]) -> Path | None:
    """Return the request beside the script that the Studio door would host.

    None where there is no such file, or for other doors, whose Swagger has an example.
    """
    samples = [script.with_name(SAMPLE) for script in find_scripts(models)]
    there = len(samples) == 1 and samples[0].is_file()
    return samples[0] if there and hosts_studio(entry) else None


def check_calls(script: Path) -> list[Finding]:
    """Return what a script calls that is gone. It fails only if it is reached: a warning."""
    try:
        calls = lint(script.read_bytes().decode("utf-8-sig"))
    except (UnicodeDecodeError, NoScript):
        return []  # no Python; the run says so, with the line
    return [
        OLD_CALL.at(
            f"{script}:{call.line}",
            f"{call.found} is gone.",
            f"Write {call.instead}"
            + (f": python -m deploy studio {script} --fix." if call.fixable else "."),
        )
        for call in calls
    ]


def check_script_imports(
    entry: Path, models: Sequence[ModelSource], packages: Packages
) -> list[Finding]:
    """Return a fault for each import of the script or its bundle that env.yml does not bring.

    Args:
        entry: the entry script; other doors have no script.
        models: what is deployed with it.
        packages: of env.yml.
    """
    scripts = find_scripts(models) if hosts_studio(entry) else []
    if len(scripts) != 1:
        return []
    script = scripts[0]
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(script, folder)
        bundle = script.with_name(BUNDLE)
        if zipfile.is_zipfile(bundle):
            with zipfile.ZipFile(bundle) as archive:
                # extract() keeps every path inside the folder.
                for name in archive.namelist():
                    if name.endswith(".py"):
                        archive.extract(name, folder)
        files = tuple(file.relative_to(folder) for file in sorted(Path(folder).rglob("*.py")))
        trees = {file: parse(Path(folder) / file) for file in files}
        found = list(missing_imports(Path(folder), files, trees, packages))
        return [replace(f, where=f.where.replace(folder, str(script.parent))) for f in found]


def _served(script: Path) -> list[Finding]:
    refused = check_script(Script.at(script))
    if not refused:
        return []
    problem = refused.strip().splitlines()
    return [NOT_SERVED.at(script, f"It cannot be served: {' '.join(problem[:2])[:400]}")]


CHECK = Check(check_door, (ONE_SCRIPT, OLD_CALL, NOT_SERVED))
