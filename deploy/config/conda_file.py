"""env.yml: what a conda environment file asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from deploy.config.reader import Faults, read_yaml
from deploy.findings import Finding, fault, nearest, warning

#: What `Environment.from_conda_specification` takes.
CONDA_KEYS = ("name", "channels", "dependencies", "prefix", "variables")


#: Python versions that azureml-defaults and the other pins support together.
PYTHONS = ("3.10", "3.11", "3.12")


#: Holds Azure's server; without it nothing answers in the container.
HOST_PACKAGE = "azureml-defaults"


@dataclass
class Packages:
    """What a conda environment file asks for.

    Attributes:
        pip: the pip list, by canonical name.
        conda: the names of the other packages, python and pip aside.
    """

    pip: dict[str, Requirement] = field(default_factory=dict)
    conda: list[str] = field(default_factory=list)


def read_packages(conda_file: Path) -> tuple[Packages, list[Finding]]:
    """Return what the file asks for, and what is wrong with the file itself."""
    where = str(conda_file)
    try:
        document = read_yaml(conda_file, where)
    except Faults as faults:
        return Packages(), list(faults.findings)
    found = []
    for key in document.keys() - set(CONDA_KEYS):
        near = nearest(str(key), CONDA_KEYS)
        fix = f"Did you mean {near}?" if near else f"Known keys: {', '.join(CONDA_KEYS)}."
        found.append(fault(where, f"Unknown key {key}.", fix))
    packages = Packages()
    found += _read_dependencies(document, packages, where)
    if HOST_PACKAGE not in packages.pip:
        fix = f"Add {HOST_PACKAGE} to its pip list: it holds the server."
        found.append(fault(where, f"{HOST_PACKAGE} is missing.", fix))
    return packages, found


def _read_dependencies(
    document: dict[str, Any], packages: Packages, where: str
) -> Iterator[Finding]:
    dependencies = document.get("dependencies")
    if not isinstance(dependencies, list):
        yield fault(where, "There is no list of dependencies.", "Add `dependencies:`.")
        return
    names = []
    for item in dependencies:
        if isinstance(item, dict):
            yield from _read_pip(item.get("pip") or [], packages, where)
            continue
        name, _, version = str(item).replace(" ", "").partition("=")
        names.append(name)
        if name == "python":
            yield from _check_python(version.lstrip("="), where)
        elif name != "pip":
            packages.conda.append(name)
    if packages.pip and "pip" not in names:
        yield fault(where, "A pip list without pip itself.", "Add `- pip` above it.")
    if "python" not in names:
        fix = f"Add `- python={PYTHONS[1]}`; Azure would choose {PYTHONS[0]}."
        yield warning(where, "No version of Python is given.", fix)


def _check_python(version: str, where: str) -> Iterator[Finding]:
    if version and not any(version.startswith(known) for known in PYTHONS):
        yield fault(
            where, f"python={version} is not supported.", f"Use one of {', '.join(PYTHONS)}."
        )


def _read_pip(lines: list[Any], packages: Packages, where: str) -> Iterator[Finding]:
    for line in lines:
        if str(line).startswith("-"):
            continue
        try:
            requirement = Requirement(str(line))
        except InvalidRequirement:
            fix = "Write `name==1.2.3`."
            yield fault(where, f"pip cannot read {line!r}.", fix)
            continue
        name = canonicalize_name(requirement.name)
        if name in packages.pip:
            yield fault(where, f"{name} is listed twice.", "Keep one of the lines.")
        if not re.search(r"==|@", str(line)):
            yield warning(where, f"{name} has no exact version.", f"Write `{name}==<version>`.")
        packages.pip[name] = requirement
