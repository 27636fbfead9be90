"""score/ ships alone: copied by itself it serves, with nothing but env.yml's packages."""

from __future__ import annotations

import importlib.metadata as metadata
import shutil
import sys
from collections.abc import Callable
from importlib.util import cache_from_source
from pathlib import Path

import pytest
import requests
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from deploy.servers.azmlinfsrv import Server

ROOT = Path(__file__).resolve().parents[2]

#: Doors that need more than env.yml and say so.
OPTIONAL_DOORS = {"spark_table"}

ENTRIES = sorted(p.stem for p in (ROOT / "score").glob("*.py") if p.stem not in OPTIONAL_DOORS)


def closure(requirements: list[str]) -> set[str]:
    """Return the names of all distributions that `requirements` bring, extras included."""
    seen: set[tuple[str, frozenset[str]]] = set()
    todo = [Requirement(line) for line in requirements]
    while todo:
        requirement = todo.pop()
        key = (canonicalize_name(requirement.name), frozenset(requirement.extras))
        if key in seen:
            continue
        seen.add(key)
        for line in metadata.requires(requirement.name) or []:
            child = Requirement(line)
            extras = requirement.extras or {""}
            if child.marker is None or any(child.marker.evaluate({"extra": e}) for e in extras):
                todo.append(child)
    return {name for name, _ in seen}


@pytest.fixture(scope="module")
def runtime_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site-packages with what env.yml brings, and nothing else, as links."""
    site = tmp_path_factory.mktemp("site")
    dependencies = yaml.safe_load((ROOT / "env.yml").read_text())["dependencies"]
    pip = next(item["pip"] for item in dependencies if isinstance(item, dict))
    # Every Python environment of the server's age brings setuptools along.
    for name in closure([*pip, "setuptools"]):
        distribution = metadata.distribution(name)
        for file in distribution.files or []:
            source = Path(str(distribution.locate_file(file)))
            # File by file: namespace packages are shared between distributions.
            if ".." not in file.parts:
                link(source, site.joinpath(*file.parts))
                if source.suffix == ".py":
                    compiled = Path(cache_from_source(str(source)))
                    link(compiled, site.joinpath(*file.parent.parts, "__pycache__", compiled.name))
    return site


def link(source: Path, target: Path) -> None:
    if source.is_file() and not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.symlink_to(source)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """score/ copied by itself."""
    ignored = shutil.ignore_patterns("__pycache__")
    return Path(shutil.copytree(ROOT / "score", tmp_path / "score", ignore=ignored))


@pytest.mark.parametrize("layout", ["v1", "v2"])
@pytest.mark.parametrize("entry", ENTRIES)
def test_every_entry_serves_with_env_yml_alone(
    clone: Path, runtime_site: Path, model_of: Callable[[str], Path], entry: str, layout: str
) -> None:
    """In the layouts of SDK v1 and of v2, each entry starts without the development tools."""
    # -S keeps this environment's own site-packages out.
    environ = {"PYTHONPATH": str(runtime_site)}
    if layout == "v1":
        environ["AZUREML_SOURCE_DIRECTORY"] = "score"
    server = Server(
        clone / f"{entry}.py",
        model_of(entry),
        python=(sys.executable, "-S"),
        environ=environ,
        app_root=clone.parent if layout == "v1" else clone,
    )
    with server:
        assert requests.get(server.url, timeout=60).text == "Healthy"


def test_development_tools_are_really_absent(runtime_site: Path) -> None:
    """The environment of the test above holds the server and lacks pytest."""
    assert (runtime_site / "azureml_inference_server_http").is_dir()
    assert not (runtime_site / "pytest").exists()
