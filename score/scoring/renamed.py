"""The names that modules had before they moved into rooms; they go with the next release.

An entry script that says `from scoring.tables import Table` goes on working. Each old name is
told once, with the new one: `from scoring import Table` serves for everything a door needs.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

#: Old module to the modules that hold its names now.
MODULES: dict[str, tuple[str, ...]] = {
    "answers": ("outputs.body",),
    "arrays": ("parameters.array",),
    "catalog": ("multi_model.catalog",),
    "checked": ("parameters.base",),
    "choices": ("parameters.choice",),
    "conformance": ("outputs.conformance", "schemas"),
    "cors": ("http.cors",),
    "describing": ("http.describe", "models.description"),
    "encoding": ("outputs.encoding",),
    "endpoint": ("http.endpoint",),
    "foreign": ("parameters.third_party",),
    "formats": ("models.formats", "extras"),
    "jsonbody": ("http.json_body",),
    "kinds": ("columns.numbers", "columns.base"),
    "late": ("parameters.deferred",),
    "loading": ("models.loading",),
    "log": ("telemetry.log",),
    "manifest": ("models.manifest",),
    "nested": ("parameters.nested",),
    "orients": ("parameters.orients",),
    "paths": ("models.discovery", "models.azureml_paths"),
    "predicting": ("estimators.predict",),
    "rawhttp": ("http.host", "http.bodies"),
    "results": ("parameters.results",),
    "rows": ("columns.rows", "schemas"),
    "samples": ("columns.from_sample", "columns.base"),
    "schema": ("parameters.decorators",),
    "several": ("multi_model.service",),
    "spark": ("parameters.spark_table", "spark_session"),
    "tablemodel": ("estimators.table_model",),
    "tables": ("parameters.table",),
    "takes": ("estimators.signature",),
    "texts": ("columns.strings", "columns.numbers", "columns.categories"),
    "times": ("columns.datetimes",),
    "uploads": ("images.uploads",),
}

#: Old names of what is called otherwise now, by old module.
NAMES = {
    "late": {"Late": "Deferred"},
    "loading": {"load_configured": "load_model"},
    "several": {"Several": "ModelService"},
    "foreign": {"Foreign": "ThirdParty"},
}


class OldNames(MetaPathFinder, Loader):
    """Finds a module by its old name."""

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return how to load an old name; None for every other module."""
        package, _, name = fullname.rpartition(".")
        known = package == "scoring" and name in MODULES
        return ModuleSpec(fullname, self) if known else None

    def create_module(self, _spec: ModuleSpec) -> ModuleType | None:
        """Leave making the module to Python."""
        return None

    def exec_module(self, module: ModuleType) -> None:
        """Fill the module with the names it had."""
        name = module.__name__.rpartition(".")[2]
        homes = [f"scoring.{home}" for home in MODULES[name]]
        # FutureWarning is shown to whoever runs a script; it is raised once for each old name.
        warnings.warn(
            f"scoring.{name} is {' and '.join(homes)} now, and this name goes with the next "
            "release. What a door needs comes from one place: from scoring import Table, ...",
            FutureWarning,
            stacklevel=2,
        )
        for home in map(import_module, reversed(homes)):
            module.__dict__.update({k: v for k, v in vars(home).items() if not k.startswith("__")})
        for old, new in NAMES.get(name, {}).items():
            setattr(module, old, getattr(module, new))
        if name == "describing":
            describe: Any = vars(module)["describe_loaded"]
            vars(module)["describe_loaded"] = lambda _environ, loaded: describe(loaded)


def install() -> None:
    """Let old names be found, after every module that is really there."""
    if not any(isinstance(finder, OldNames) for finder in sys.meta_path):
        finder: Any = OldNames()
        sys.meta_path.append(finder)
