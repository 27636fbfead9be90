"""env.yml: what a conda environment file asks for, as people write such files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename

from deploy.config import rules
from deploy.config.reader import Document, Faults, read_yaml
from deploy.findings import Finding, nearest

#: What conda reads in such a file.
CONDA_KEYS = ("name", "channels", "dependencies", "prefix", "variables")

#: Python versions that azureml-defaults and the other pins support together.
PYTHONS = ("3.10", "3.11", "3.12")

#: A patch release is looked for up to this one.
LAST_PATCH = 20

#: conda's `channel::name version`, `name=version=build` and `name[version='...']`.
MATCH_SPEC = re.compile(r"(?:[^\s:]+::)?([\w.\-]+)\s*(?:\[version=['\"]?([^'\"\]]*).*\])?\s*(.*)")

#: Packages of conda that hold no Python module of their own name.
CONDA_TOOLS = frozenset({"pip", "python"})


@dataclass
class Packages:
    """What a conda environment file asks for.

    Attributes:
        pip: the pip list, by canonical name; what a marker excludes on Linux is left out.
        conda: the other packages as requirements, by canonical name; python and pip aside.
        unnamed: lines that install something whose name they do not tell.
        python: the Python versions (`3.11`) that it allows.
        lines: what the pip list says, options and all, for an installer.
    """

    pip: dict[str, Requirement] = field(default_factory=dict)
    conda: dict[str, Requirement] = field(default_factory=dict)
    unnamed: list[str] = field(default_factory=list)
    python: tuple[str, ...] = PYTHONS
    lines: list[str] = field(default_factory=list)

    @property
    def every(self) -> dict[str, Requirement]:
        """All packages, whoever installs them."""
        return {**self.conda, **self.pip}


def read_packages(conda_file: Path) -> tuple[Packages, list[Finding]]:
    """Return what the file asks for, and what is wrong with the file itself."""
    where = str(conda_file)
    try:
        document = read_yaml(conda_file, where)
    except Faults as faults:
        return Packages(), list(faults.findings)
    return packages_of(document, where, conda_file.parent)


def packages_of(
    document: Document, where: str, folder: Path, prefix: tuple[str, ...] = ()
) -> tuple[Packages, list[Finding]]:
    """Return what a conda specification asks for, and what is wrong with it.

    Args:
        document: the file it stands in.
        where: how messages call the file.
        folder: where paths in it start.
        prefix: the keys that lead to the specification; none where the file is one.
    """
    specification: Any = document
    for key in prefix:
        specification = specification[key]
    found = []
    for key in specification.keys() - set(CONDA_KEYS):
        near = nearest(str(key), CONDA_KEYS)
        fix = f"Did you mean {near}?" if near else f"Known keys: {', '.join(CONDA_KEYS)}."
        at = document.place(where, *prefix, key)
        found.append(rules.ENV_KEY.at(at, f"Unknown key {key}.", fix))
    dependencies = specification.get("dependencies")
    if not isinstance(dependencies, list):
        missing = rules.ENV_DEPENDENCIES.at(where, "There is no list of dependencies.")
        return Packages(), [*found, missing]
    reader = _Reader(document, where, folder, (*prefix, "dependencies"))
    found += reader.read(dependencies)
    return reader.packages, found


@dataclass
class _Reader:
    """Reads one list of dependencies."""

    document: Document
    where: str
    folder: Path
    path: tuple[str | int, ...]
    packages: Packages = field(default_factory=Packages)

    def read(self, dependencies: list[Any]) -> Iterator[Finding]:
        """Fill `packages`; yield what is wrong with the lines."""
        named_python = False
        for index, item in enumerate(dependencies):
            at = self._line(index)
            if isinstance(item, dict):
                for number, line in enumerate(item.get("pip") or []):
                    place = self._line(index, "pip", number)
                    yield from self._pip(str(line), place, self.folder)
                continue
            match = MATCH_SPEC.fullmatch(str(item).strip())
            if match is None:
                yield rules.ENV_UNREADABLE.at(at, f"conda cannot read {item!r}.")
                continue
            name = canonicalize_name(match[1])
            specifiers = _conda_versions(match[2] or match[3])
            if name == "python":
                named_python = bool(match[2] or match[3])
                yield from self._python(str(item), specifiers, at)
            elif name not in CONDA_TOOLS:
                self.packages.conda[name] = Requirement(f"{name}{specifiers[0]}")
        if not named_python:
            yield rules.ENV_NO_PYTHON.at(self.where, "No version of Python is given.")

    def _line(self, *path: str | int) -> str:
        line = self.document.lines.get((*self.path, *path))
        return f"{self.where}:{line}" if line else self.where

    def _python(self, line: str, allowed: list[SpecifierSet], at: str) -> Iterator[Finding]:
        fitting = tuple(minor for minor in PYTHONS if _allows(allowed, minor))
        self.packages.python = fitting or PYTHONS
        if not fitting:
            yield rules.ENV_OLD_PYTHON.at(at, f"{line} is not supported.")

    def _pip(self, line: str, at: str, folder: Path) -> Iterator[Finding]:
        line = re.sub(r"(^|\s)#.*$", "", line).strip()
        if not line:
            return
        option, _, value = line.replace("=", " ", 1).partition(" ")
        if option in {"-r", "--requirement"} or line.startswith("-r"):
            yield from self._requirements(folder / (value.strip() or line[2:]), at)
        elif option in {"-e", "--editable"}:
            self.packages.unnamed.append(line)
            self.packages.lines.append(line)
        elif line.startswith("-"):
            self.packages.lines.append(line)
        else:
            yield from self._requirement(line, at)

    def _requirements(self, file: Path, at: str) -> Iterator[Finding]:
        if not file.is_file():
            yield rules.ENV_NO_REQUIREMENTS.at(at, f"There is no {file}.")
            return
        text = file.read_text(encoding="utf-8-sig").replace("\\\n", " ")
        for number, line in enumerate(text.splitlines(), start=1):
            # A lock's hashes are for the installer.
            bare = line.partition(" --hash=")[0]
            yield from self._pip(bare, f"{file}:{number}", file.parent)

    def _requirement(self, line: str, at: str) -> Iterator[Finding]:
        if re.match(r"(\w+\+)?\w+://|\.{0,2}/", line):
            name = _name_in_address(line)
            self.packages.lines.append(line)
            if name:
                self.packages.pip[name] = Requirement(f"{name} @ {line.partition('#')[0]}")
            else:
                self.packages.unnamed.append(line)
            return
        try:
            requirement = Requirement(re.split(r"\s--", line)[0])
        except InvalidRequirement:
            yield rules.ENV_UNREADABLE.at(at, f"pip cannot read {line!r}.")
            return
        if requirement.marker and not requirement.marker.evaluate({"sys_platform": "linux"}):
            return
        name = canonicalize_name(requirement.name)
        earlier = self.packages.pip.get(name)
        if earlier:
            requirement.extras |= earlier.extras
            pins = {s.version for r in (earlier, requirement) for s in r.specifier if
                    s.operator == "=="}  # fmt: skip
            if len(pins) > 1:
                yield rules.ENV_TWICE.at(at, f"{name} is listed in two versions.")
            requirement.specifier &= earlier.specifier
        elif not re.search(r"==|@", line):
            yield rules.ENV_RANGE.at(at, f"{name} has no exact version.")
        self.packages.lines.append(line)
        self.packages.pip[name] = requirement


def _conda_versions(text: str) -> list[SpecifierSet]:
    """Return conda's version in pip's words, one for each alternative; any where it has none."""
    versions = []
    for part in text.replace(" ", "").split("|"):
        # name=version=build: the build has no word in pip's language.
        fuzzy = re.fullmatch(r"=?(\d[\w.*]*)(?:=[\w*]+)?", part)
        exact = re.fullmatch(r"==(\d[\w.*]*)(?:=[\w*]+)?", part)
        if fuzzy:
            pip = f"=={fuzzy[1].rstrip('*').rstrip('.')}.*"
        elif exact:
            pip = f"=={exact[1]}"
        else:
            pip = re.sub(r"(?<![=<>!~])=(?=\d)", "==", part).replace("*", "") if part != "*" else ""
        try:
            versions.append(SpecifierSet(pip))
        except InvalidSpecifier:
            versions.append(SpecifierSet())
    return versions


def _allows(allowed: list[SpecifierSet], minor: str) -> bool:
    patches = [f"{minor}.{patch}" for patch in range(LAST_PATCH)]
    return any(one.contains(patch) for one in allowed for patch in patches)


def _name_in_address(line: str) -> str:
    """Return the package's name, where an address tells it: `#egg=NAME`, or a wheel's."""
    egg = re.search(r"[#&]egg=([\w.-]+)", line)
    if egg:
        return canonicalize_name(egg[1])
    try:
        return parse_wheel_filename(line.partition("#")[0].rpartition("/")[2])[0]
    except InvalidWheelFilename:
        return ""
