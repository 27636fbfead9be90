"""Modules beside the script that the container finds elsewhere first."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from packaging.utils import canonicalize_name

from deploy.checks.context import Check, Context
from deploy.checks.imports import imports_of
from deploy.checks.packages import closure
from deploy.checks.syntax import installed_modules
from deploy.findings import Finding, Level, Rule

HIDDEN = Rule(
    "module.hidden",
    Level.FAULT,
    "Python or Azure's server has a module of this name, which is found first.",
    "`utils.py` beside the script: the server's own folder is first on the path",
    "Rename it.",
)


def check_modules(context: Context) -> Iterator[Finding]:
    """Yield the modules beside the script that would not be found under their names."""
    if context.bundle is None:
        return
    imported = {
        one.module.partition(".")[0]
        for tree in context.trees.values()
        if not isinstance(tree, Finding)
        for one in imports_of(tree)
    }
    code_root = context.plan.inference.entry.parent
    beside = {file.parts[0].removesuffix(".py") for file in context.bundle.files}
    beside |= {
        file.relative_to(code_root).parts[0].removesuffix(".py")
        for file in context.bundle.files
        if file.is_relative_to(code_root)
    }
    brought = closure(context.packages) if context.packages else None
    for module in sorted(beside & imported):
        owner = _owner(module, brought)
        if owner:
            where = next((p for p in (context.source / f"{module}.py", context.source / module)
                          if p.exists()), context.source / code_root / f"{module}.py")  # fmt: skip
            yield HIDDEN.at(where, f"{owner} {module} too and is found first.")


def _owner(module: str, brought: set[str] | None) -> str:
    """Return who has a module of this name, as a sentence begins; empty when nobody has."""
    if module in sys.stdlib_module_names:
        return "Python has a module"
    if module in server_modules():
        return "Azure's server has a module"
    packages = {canonicalize_name(name) for name in installed_modules().get(module, ())}
    if packages and (brought is None or packages & brought):
        return "An installed package has a module"
    return ""


@cache
def server_modules() -> frozenset[str]:
    """Return the modules of the installed server's own folder, which it puts first on the path."""
    spec = find_spec("azureml_inference_server_http")
    if spec is None or spec.origin is None:
        return frozenset()
    folder = Path(spec.origin).parent / "server"
    return frozenset(path.stem for path in folder.glob("*.py")) - {"__init__"}


CHECK = Check(check_modules, (HIDDEN,))
