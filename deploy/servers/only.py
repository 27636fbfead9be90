"""Run a module with the packages of a list only: all others are hidden from import.

    python only.py ALLOWED.json -m MODULE ARGUMENT...

ALLOWED.json lists distributions by their canonical names. This file runs inside the server's
process, so it imports nothing but the standard library.
"""

from __future__ import annotations

import importlib.metadata
import json
import re
import runpy
import sys
from collections.abc import Iterable, Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

#: How deep in a namespace package a distribution may begin: `azure.monitor.opentelemetry.exporter`.
DEPTH = 5


class Only:
    """A finder that refuses the modules of other distributions than those allowed.

    Args:
        allowed: canonical names of distributions.
    """

    def __init__(self, allowed: Iterable[str]) -> None:
        kept, others = set(allowed), set[str]()
        mine: set[str] = set()
        for distribution in importlib.metadata.distributions():
            name = distribution.metadata["Name"] or ""
            modules = _modules(distribution)
            if re.sub(r"[-_.]+", "-", name).lower() in kept:
                mine |= modules
            else:
                others |= modules
        parents = {
            ".".join(module.split(".")[:depth]) for module in mine for depth in range(1, DEPTH)
        }
        self.hidden = others - mine - parents
        #: Folders that an allowed distribution only has something in, and a hidden one calls its
        #: own package: without the hidden one they are plain namespaces.
        self.namespaces = (others & parents) - mine

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,
        target: ModuleType | None = None,  # noqa: ARG002 - the protocol's
    ) -> ModuleSpec | None:
        """Refuse a hidden module as Python refuses one that is not there."""
        if fullname in self.hidden:
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)
        if fullname in self.namespaces:
            spec = ModuleSpec(fullname, None, is_package=True)
            tail = fullname.rpartition(".")[2]
            folders = [Path(folder) / tail for folder in path or sys.path]
            spec.submodule_search_locations = [str(f) for f in folders if f.is_dir()]
            return spec
        return None


def _modules(distribution: importlib.metadata.Distribution) -> set[str]:
    """Return the modules a distribution brings, down to `DEPTH` names."""
    found = set()
    for file in distribution.files or ():
        parts = file.parts
        if parts[0].endswith((".dist-info", ".egg-info")) or ".." in parts:
            continue
        stem = parts[-1].partition(".")[0]
        if file.suffix not in {".py", ".so", ".pyd"} or not stem.isidentifier():
            continue
        names = parts[:-1] if stem == "__init__" else (*parts[:-1], stem)
        if names and len(names) <= DEPTH:
            found.add(".".join(names))
    return found


def main(arguments: list[str]) -> Any:
    """Hide, then run the module as `python -m` does."""
    allowed, _, module, *rest = arguments
    sys.meta_path.insert(0, Only(json.loads(Path(allowed).read_text(encoding="utf-8"))))
    # As with -m: the working folder is on the path, and this file's own is not.
    sys.path[0] = ""
    sys.argv = [module, *rest]
    return runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(sys.argv[1:])
