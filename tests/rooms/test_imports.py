"""Who may import whom: the arrows between the rooms."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest
import yaml
from importlib_metadata import packages_distributions
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]

#: Which of our rooms each room may import.
MAY_IMPORT = {
    "score": {"scoring", "studio_runtime"},
    "deploy": {"deploy"},
    "clients": set[str](),
    "training": {"training"},
    "host": {"host"},
    "bench": {"bench", "clients", "host", "deploy", "scoring", "studio_runtime"},
    # They make pages from what the code says of itself.
    "scripts": {"scoring", "deploy"},
}
OURS = {*MAY_IMPORT, "scoring", "studio_runtime", "tests"}

#: What env.yml's packages bring that entry scripts may import by name: azureml-defaults is the
#: server and the SDK, and both stand on these.
BROUGHT_BY_AZUREML_DEFAULTS = {
    "azureml",
    "azureml_inference_server_http",
    "flask",
    "pydantic",
    "werkzeug",
    "wrapt",
    "yaml",
}

#: Formats beyond env.yml, imported late and with an error that names the line to add.
OPTIONAL = {"lightgbm", "mlflow", "onnxruntime", "pyarrow", "pyspark", "skops", "xgboost"}


def sources(room: str) -> list[Path]:
    return sorted((ROOT / room).rglob("*.py"))


def imported(node: ast.AST) -> set[str]:
    """Return the top-level names that one statement imports."""
    if isinstance(node, ast.Import):
        return {alias.name.partition(".")[0] for alias in node.names}
    if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
        return {node.module.partition(".")[0]}
    return set()


def imports(path: Path) -> set[str]:
    """Return the top-level names a file imports, wherever in the file."""
    return {name for node in ast.walk(ast.parse(path.read_text())) for name in imported(node)}


def env_modules() -> set[str]:
    """Return the importable names of the packages that env.yml lists."""
    dependencies = yaml.safe_load((ROOT / "env.yml").read_text())["dependencies"]
    pip = next(item["pip"] for item in dependencies if isinstance(item, dict))
    wanted = {canonicalize_name(Requirement(line).name) for line in pip}
    return {
        module
        for module, distributions in packages_distributions().items()
        if wanted & {canonicalize_name(name) for name in distributions}
    }


@pytest.mark.parametrize("room", sorted(MAY_IMPORT))
def test_rooms_import_only_what_they_may(room: str) -> None:
    """No room reaches into another one against the arrows."""
    forbidden = OURS - MAY_IMPORT[room]
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in sources(room)
        for name in imports(path) & forbidden
    ]
    assert wrong == []


def test_nobody_imports_score_as_a_package() -> None:
    """`score.scoring` would be a second copy of `scoring`, with other classes."""
    everything = [path for room in OURS for path in sources(room)]
    assert [str(path) for path in everything if "score" in imports(path)] == []


def test_score_needs_only_env_yml() -> None:
    """Whatever score/ imports comes from env.yml, or is declared optional."""
    allowed = env_modules() | BROUGHT_BY_AZUREML_DEFAULTS | OPTIONAL | {"scoring", "studio_runtime"}
    used = {name: path.name for path in sources("score") for name in imports(path)}
    missing = used.keys() - allowed - sys.stdlib_module_names
    assert {name: used[name] for name in missing} == {}


def test_optional_formats_are_imported_late() -> None:
    """A package outside env.yml is never imported when a module of score/ is loaded."""
    early = [
        f"{path.name}: {ast.unparse(node)}"
        for path in sources("score")
        for node in ast.parse(path.read_text()).body
        if imported(node) & OPTIONAL
    ]
    assert early == []


def test_entry_scripts_hold_no_classes() -> None:
    """An entry script is not in sys.modules: a dataclass or pickled class in it would break."""
    entries = sorted((ROOT / "score").glob("*.py"))
    assert entries
    classes = [
        f"{path.name}: {node.name}"
        for path in entries
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef)
    ]
    assert classes == []
