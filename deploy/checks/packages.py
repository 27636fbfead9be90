"""The conda environment file: can it be installed, and does it hold what score/ imports?

Without a network, two things can be asked: what the packages that are installed here say of
their own needs, and what the lock file says, which a resolver wrote. Where they cannot tell,
nothing is claimed.
"""

from __future__ import annotations

import ast
import importlib.metadata
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from deploy.checks.syntax import installed_modules, parse
from deploy.config.conda_file import Packages, read_packages
from deploy.findings import Finding, fault, notice


def check_packages(conda_file: Path, lock: Path) -> tuple[Packages, list[Finding]]:
    """Return what the file asks for, and what is wrong with it."""
    where = str(conda_file)
    packages, found = read_packages(conda_file)
    if not found:
        found += _conflicts(packages, where)
    if not found:
        found += _stale_lock(packages, where, lock)
    return packages, found


def _pin(requirement: Requirement) -> str:
    versions = [s.version for s in requirement.specifier if s.operator == "=="]
    return versions[0] if versions and "*" not in versions[0] else ""


def _conflicts(packages: Packages, where: str) -> Iterator[Finding]:
    """Yield a fault for each pin that installed packages of the list do not accept."""
    against: dict[str, list[str]] = {}
    for name in sorted(closure(packages)):
        for need in _needs(name):
            pinned = packages.pip.get(canonicalize_name(need.name))
            version = _pin(pinned) if pinned else ""
            if version and not need.specifier.contains(version, prereleases=True):
                against.setdefault(str(pinned), []).append(f"{name} (needs {need.specifier})")
    for pin, needed in against.items():
        problem = f"{pin} conflicts with {', '.join(needed)}."
        yield fault(where, problem, f"Choose a version of {pin.partition('=')[0]} that all accept.")


def closure(packages: Packages) -> set[str]:
    """Return the names of all packages that the file brings, as far as they are known here."""
    seen: set[str] = set()
    waiting = [(name, tuple(r.extras)) for name, r in packages.pip.items()]
    while waiting:
        name, extras = waiting.pop()
        if name in seen and not extras:
            continue
        seen.add(name)
        waiting += [
            (canonicalize_name(need.name), tuple(need.extras))
            for need in _needs(name, extras)
            if canonicalize_name(need.name) not in seen
        ]
    return seen


@cache
def _needs(name: str, extras: tuple[str, ...] = ()) -> list[Requirement]:
    try:
        lines = importlib.metadata.requires(name) or []
    except importlib.metadata.PackageNotFoundError:
        return []
    needs = [Requirement(line) for line in lines]
    return [
        need
        for need in needs
        if not need.marker or any(need.marker.evaluate({"extra": e}) for e in ("", *extras))
    ]


def _stale_lock(packages: Packages, where: str, lock: Path) -> Iterator[Finding]:
    if not lock.is_file():
        return
    locked = dict(re.findall(r"^([\w.-]+)==([^\s;\\]+)", lock.read_text(), re.MULTILINE))
    locked = {canonicalize_name(name): version for name, version in locked.items()}
    for name, requirement in packages.pip.items():
        version = locked.get(name)
        if version is None or not requirement.specifier.contains(version, prereleases=True):
            problem = f"{requirement} is not what {lock.name} was resolved to ({version})."
            yield fault(where, problem, "Run `make lock`: it resolves all pins together.")


def check_imports(source: Path, files: tuple[Path, ...], packages: Packages) -> list[Finding]:
    """Return a fault for each import that neither env.yml nor the folder satisfies.

    An import inside a function or a `try` is optional, and told once: it may never run.
    """
    local = {file.parts[0].removesuffix(".py") for file in files}
    brought = closure(packages) | {canonicalize_name(name) for name in packages.conda}
    providers = installed_modules()
    found = []
    told: set[str] = set()
    for file in files:
        tree = parse(source / file) if file.suffix == ".py" else None
        if isinstance(tree, Finding):
            found.append(tree)
        if not isinstance(tree, ast.Module):
            continue
        for module, line, optional in _imports(tree):
            place = f"{source / file}:{line}"
            if module == source.resolve().name and not (source / module).is_dir():
                fix = f"Leave out `{module}.`: the folder itself is on the path."
                found.append(fault(place, f"Imports from {module}, its own folder.", fix))
            elif module not in local and module not in sys.stdlib_module_names:
                names = {canonicalize_name(d) for d in providers.get(module, [module])}
                if not names & brought and not (optional and module in told):
                    told.add(module)
                    found.append(_missing(place, module, min(names), optional))
    return found


def _missing(place: str, module: str, package: str, optional: bool) -> Finding:
    if optional:
        fix = f"Add {package} to env.yml if this part is used."
        return notice(place, f"Imports {module} when needed; env.yml does not bring it.", fix)
    return fault(place, f"Imports {module}, which env.yml does not bring.", f"Add {package} to it.")


def _imports(tree: ast.Module) -> Iterator[tuple[str, int, bool]]:
    """Yield each imported top-level module, its line, and whether the import is optional."""
    lazy = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Try)
    optional = {id(inner) for node in ast.walk(tree) if isinstance(node, lazy)
                for inner in ast.walk(node)}  # fmt: skip
    typing_only = {id(inner) for node in ast.walk(tree) if isinstance(node, ast.If)
                   and ast.unparse(node.test).endswith("TYPE_CHECKING")
                   for inner in ast.walk(node)}  # fmt: skip
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name.split(".")[0], node.lineno, id(node) in optional
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0], node.lineno, id(node) in optional
