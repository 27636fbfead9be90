"""The conda environment file: can it be installed?

Without a network, two things can be asked: what the packages that are installed here say of
their own needs, and what the lock file says, which a resolver wrote. Where they cannot tell,
nothing is claimed.
"""

from __future__ import annotations

import importlib.metadata
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from deploy.checks.context import Check, Context
from deploy.config import rules
from deploy.config.conda_file import Packages
from deploy.findings import Finding, Level, Rule

#: What a resolver made of env.yml's pins.
LOCK = Path("requirements.lock")

CONFLICT = Rule(
    "env.conflict",
    Level.FAULT,
    "A pinned version is one that another package of the list does not accept.",
    "`numpy==1.0.0` beside `pandas==2.3.3`",
    "Choose a version that all accept.",
)
STALE_LOCK = Rule(
    "env.stale-lock",
    Level.FAULT,
    "requirements.lock was made from another env.yml, so tests run other packages than the "
    "container.",
    "a pin of env.yml changed without `make lock`",
    "Run `make lock`: it resolves all pins together.",
)
UNKNOWN = Rule(
    "env.not-checked",
    Level.NOTICE,
    "A registered environment is known to Azure alone: its packages were not checked.",
    "`environment: AzureML-sklearn-1.0`",
    "Give condaFile to have the packages checked.",
)


def check_packages(context: Context) -> list[Finding]:
    """Return what is wrong with the environment's file and its packages."""
    if context.plan.framework:
        return []
    packages, found = context.environment
    where = context.conda_where
    if packages is None:
        return [UNKNOWN.at(where, "Its packages are known to Azure alone.")]
    found = list(found)
    if not any(finding.level is Level.FAULT for finding in found):
        found += _server(context, packages)
        found += _conflicts(packages, where)
        found += _stale_lock(packages, where, context.plan.inference.path.parent / LOCK)
    return found


def _server(context: Context, packages: Packages) -> Iterator[Finding]:
    where, brought = context.conda_where, closure(packages)
    if not any(name in packages.every or name in brought for name in context.servers):
        wanted = context.servers[0]
        problem = f"{' or '.join(context.servers)} is missing."
        yield rules.ENV_NO_SERVER.at(where, problem, f"Add {wanted} to its pip list.")


def _pin(requirement: Requirement) -> str:
    versions = [s.version for s in requirement.specifier if s.operator == "=="]
    return versions[0] if versions and "*" not in versions[0] else ""


def _conflicts(packages: Packages, where: str) -> Iterator[Finding]:
    """Yield a fault for each pin that installed packages of the list do not accept."""
    against: dict[str, list[str]] = {}
    for name, requirement in sorted(packages.pip.items()):
        # Of another version than the one that is here, the needs are not known.
        if _pin(requirement) != _installed(name):
            continue
        for need in _needs(name):
            pinned = packages.pip.get(canonicalize_name(need.name))
            version = _pin(pinned) if pinned else ""
            if version and not need.specifier.contains(version, prereleases=True):
                against.setdefault(str(pinned), []).append(f"{name} (needs {need.specifier})")
    for pin, needed in against.items():
        problem = f"{pin} conflicts with {', '.join(needed)}."
        fix = f"Choose a version of {pin.partition('=')[0]} that all accept."
        yield CONFLICT.at(where, problem, fix)


def _installed(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def unknown_here(packages: Packages) -> list[str]:
    """Return the packages whose modules nobody here knows: what is listed and not installed."""
    absent = [name for name in packages.every if _installed(name) is None]
    return [*absent, *packages.unnamed]


def satisfied_here(packages: Packages) -> bool:
    """Tell whether all that the file lists is installed here, in versions that it takes."""
    return not packages.unnamed and all(
        not requirement.url
        and (version := _installed(name)) is not None
        and requirement.specifier.contains(version, prereleases=True)
        for name, requirement in packages.every.items()
    )


def closure(packages: Packages) -> set[str]:
    """Return the names of all packages that the file brings, as far as they are known here."""
    seen: set[str] = set()
    waiting = [(name, tuple(sorted(r.extras))) for name, r in packages.every.items()]
    while waiting:
        name, extras = waiting.pop()
        if name in seen and not extras:
            continue
        seen.add(name)
        waiting += [
            (canonicalize_name(need.name), tuple(sorted(need.extras)))
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
    text = lock.read_text(encoding="utf-8") if lock.is_file() else ""
    if Path(where).name not in text.partition("\n")[0]:  # a lock of something else
        return
    locked = dict(re.findall(r"^([\w.-]+)==([^\s;\\]+)", text, re.MULTILINE))
    locked = {canonicalize_name(name): version for name, version in locked.items()}
    for name, requirement in packages.pip.items():
        version = locked.get(name)
        if version is None or not requirement.specifier.contains(version, prereleases=True):
            problem = f"{requirement} is not what {lock.name} was resolved to ({version})."
            yield STALE_LOCK.at(where, problem)


CHECK = Check(check_packages, (*rules.RULES[-9:], CONFLICT, STALE_LOCK, UNKNOWN))
