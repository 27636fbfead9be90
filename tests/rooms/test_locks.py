"""The lock files say what env.yml says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]


def pinned(lock: Path) -> dict[str, set[str]]:
    """Return the versions a lock file pins, by name; more than one where Pythons differ."""
    versions: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([\w.-]+)==([^\s;]+)", lock.read_text(), re.MULTILINE):
        versions.setdefault(canonicalize_name(name), set()).add(version)
    return versions


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_locks_pin_what_env_yml_lists(name: str) -> None:
    """Every package of env.yml is in both locks at exactly its version."""
    dependencies = yaml.safe_load((ROOT / "env.yml").read_text())["dependencies"]
    pip = next(item["pip"] for item in dependencies if isinstance(item, dict))
    versions = pinned(ROOT / name)
    for line in pip:
        requirement = Requirement(line)
        (version,) = versions[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), line


def test_tests_run_the_containers_versions() -> None:
    """What both locks pin, they pin alike."""
    runtime, dev = pinned(ROOT / "requirements.lock"), pinned(ROOT / "requirements-dev.lock")
    assert runtime.keys() <= dev.keys()
    assert {name: dev[name] for name in runtime if dev[name] != runtime[name]} == {}


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_locks_name_no_registry(name: str) -> None:
    """A lock installs from whatever registry the user's pip is set to."""
    assert "://" not in (ROOT / name).read_text()
