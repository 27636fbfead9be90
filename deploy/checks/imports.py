"""What the uploaded code imports: does env.yml bring it, and does it still exist?

Which package brings a module is asked of the packages that are installed here. Where env.yml
lists a package that is not, nobody here knows its modules, and nothing is claimed.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from packaging.utils import canonicalize_name

from deploy.checks.context import Check, Context
from deploy.checks.packages import closure, unknown_here
from deploy.checks.syntax import installed_modules
from deploy.config.conda_file import Packages
from deploy.findings import Finding, Level, Rule

#: Modules that no package index brings any more, and what took their place.
GONE = {
    "azureml.train.automl": "train with azure-ai-ml; a model AutoML made loads with joblib alone",
    "azureml.monitoring": "azureml.ai.monitoring, from the package azureml-ai-monitoring",
    "azureml.contrib.services": "azureml_inference_server_http.api.aml_request and .aml_response; "
    "for unit tests add azureml-contrib-services",
    "sklearn.externals.joblib": "`import joblib`",
    "sklearn.externals.six": "`import six`",
    "sklearn.cross_validation": "sklearn.model_selection",
    "sklearn.grid_search": "sklearn.model_selection",
    "sklearn.preprocessing.Imputer": "sklearn.impute.SimpleImputer",
    "keras.utils.np_utils": "keras.utils.to_categorical",
    "pandas.util.testing": "pandas.testing",
    "fbprophet": "prophet",
    "azureml.core.webservice.webservice_utils": "nothing: it was the SDK's own",
}

#: Works inside the server only, which puts its own module there.
INSIDE_THE_SERVER = frozenset({"azureml.contrib.services"})

#: Names that numpy and pandas took away, with the first version that lacks them.
GONE_NAMES = {
    "numpy": ("float", "int", "bool", "object", "str", "complex", "long", "float_", "Inf", "NaN",
              "infty", "product", "cumproduct", "alltrue", "sometrue", "in1d", "trapz", "row_stack",
              "string_", "unicode_"),
    "pandas": ("Panel", "Int64Index", "Float64Index", "np", "datetime"),
}  # fmt: skip

OWN_FOLDER = Rule(
    "import.own-folder",
    Level.FAULT,
    "The uploaded folder is on the path itself, so its name is no package there.",
    "`from score.features import scale` in score/score.py",
    "Leave out the folder's name.",
)
MISSING = Rule(
    "import.missing",
    Level.FAULT,
    "The code imports a module that no package of env.yml brings.",
    "`import onnxruntime` without onnxruntime in env.yml",
    "Add the package to env.yml.",
)
MAYBE = Rule(
    "import.maybe-missing",
    Level.NOTICE,
    "An import in a function, or guarded, of a module that env.yml does not bring.",
    "`import lightgbm` inside a function",
    "Add the package to env.yml if this part is used.",
)
CANNOT_TELL = Rule(
    "import.cannot-tell",
    Level.NOTICE,
    "env.yml lists packages that are not installed here, so nobody knows whether they bring it.",
    "`import cv2` beside `opencv-python-headless` that is not installed here",
    "Leave out --no-install: the live part then installs them.",
)
DEAD = Rule(
    "import.gone",
    Level.FAULT,
    "The module no longer exists in any package that can be installed.",
    "`from sklearn.externals import joblib`",
    "Import what took its place.",
)
DEAD_NAME = Rule(
    "import.gone-name",
    Level.WARNING,
    "numpy or pandas no longer has this name: AttributeError when the line runs.",
    "`np.float`",
    "Write what took its place: `float` for `np.float`.",
)


class Import(NamedTuple):
    """One import: the module, what is taken from it, its line, and whether it may never run."""

    module: str
    names: tuple[str, ...]
    line: int
    optional: bool


def check_imports(context: Context) -> Iterator[Finding]:
    """Yield each import that neither env.yml nor the folder satisfies.

    An import inside a function or a `try` is optional, and told once: it may never run.
    """
    if context.bundle is not None:
        files, packages = context.bundle.files, context.packages
        brought = closure(packages) if packages else set()
        if not brought & set(context.servers):
            packages = None  # one cause, one fault: what the server brings would be missing too
        yield from missing_imports(context.source, files, context.trees, packages)


def missing_imports(
    source: Path,
    files: Iterable[Path],
    trees: Mapping[Path, ast.Module | Finding],
    packages: Packages | None,
) -> Iterator[Finding]:
    """Yield what the Python files of a folder import in vain.

    Args:
        source: the folder.
        files: all files in it, by their paths below it.
        trees: those of Python, read.
        packages: what env.yml lists; None where that is not known.
    """
    local = {file.parts[0].removesuffix(".py") for file in files}
    brought = closure(packages) if packages else set()
    providers = installed_modules()
    told: set[str] = set()
    for file, tree in trees.items():
        if isinstance(tree, Finding):
            yield tree
            continue
        place = source / file
        yield from _gone_names(tree, place)
        for one in imports_of(tree):
            top = one.module.partition(".")[0]
            dead = _dead(one)
            if top == source.resolve().name and not (source / top).is_dir():
                fix = f"Leave out `{top}.`: the folder itself is on the path."
                yield OWN_FOLDER.at(f"{place}:{one.line}", f"Imports from {top}, its own folder.",
                                    fix)  # fmt: skip
            elif dead and top not in local and dead not in _installable(dead):
                yield _gone(place, one, dead)
            elif packages and top not in local and top not in sys.stdlib_module_names:
                names = {canonicalize_name(d) for d in providers.get(top, [top])}
                if names & brought or (one.optional and top in told):
                    continue
                told.add(top)
                yield _missing(f"{place}:{one.line}", one, min(names), unknown_here(packages))


def _installable(dead: str) -> tuple[str, ...]:
    """Return the module itself where it works inside the server all the same."""
    return (dead,) if dead in INSIDE_THE_SERVER else ()


def _dead(one: Import) -> str:
    """Return the module of `GONE` that an import asks for; empty when it asks for none."""
    asked = [one.module, *(f"{one.module}.{name}" for name in one.names)]
    return next((gone for gone in GONE for module in asked
                 if module == gone or module.startswith(f"{gone}.")), "")  # fmt: skip


def _gone(place: Path, one: Import, dead: str) -> Finding:
    level = Level.NOTICE if one.optional else Level.FAULT
    problem = f"Imports {dead}, which exists no more."
    return DEAD.at(f"{place}:{one.line}", problem, f"In its place: {GONE[dead]}.", level)


def _gone_names(tree: ast.Module, place: Path) -> Iterator[Finding]:
    aliases = {alias.asname or alias.name: alias.name for node in ast.walk(tree)
               if isinstance(node, ast.Import) for alias in node.names}  # fmt: skip
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name):
            continue
        module = aliases.get(node.value.id, "")
        if node.attr in GONE_NAMES.get(module, ()) and not _has(module, node.attr):
            written = f"{node.value.id}.{node.attr}"
            yield DEAD_NAME.at(f"{place}:{node.lineno}", f"{module} has no {node.attr} ({written})")


def _has(module: str, name: str) -> bool:
    import importlib
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return hasattr(importlib.import_module(module), name)


def _missing(place: str, one: Import, package: str, unknown: list[str]) -> Finding:
    top = one.module.partition(".")[0]
    if unknown:
        problem = f"Whether env.yml brings {top} cannot be told: {', '.join(unknown[:3])} " + (
            "is not installed here." if len(unknown) == 1 else "are not installed here."
        )
        return CANNOT_TELL.at(place, problem)
    if one.optional:
        fix = f"Add {package} to env.yml if this part is used."
        return MAYBE.at(place, f"Imports {top} when needed; env.yml does not bring it.", fix)
    return MISSING.at(place, f"Imports {top}, which env.yml does not bring.",
                      f"Add {package} to it.")  # fmt: skip


def imports_of(tree: ast.Module) -> Iterator[Import]:
    """Yield the imports of a file, those for type checkers alone aside."""
    lazy = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Try, ast.If)
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
                yield Import(alias.name, (), node.lineno, id(node) in optional)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = tuple(alias.name for alias in node.names)
            yield Import(node.module, names, node.lineno, id(node) in optional)


CHECK = Check(check_imports, (OWN_FOLDER, MISSING, MAYBE, CANNOT_TELL, DEAD, DEAD_NAME))
