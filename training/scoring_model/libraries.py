"""Which packages a model's file needs to be loaded, and in which versions."""

from __future__ import annotations

import io
import pickle
import sys
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from typing import Any

import numpy as np

from scoring_model.errors import NotServable

#: What every joblib file of a scikit-learn model depends on.
LIBRARIES = ("scikit-learn", "numpy", "pandas", "joblib")


def libraries(model: Any) -> dict[str, str]:
    """Return package to version, for all packages whose classes or functions the model holds.

    Raises:
        NotServable: it holds something defined in the program that trained it, or something that
            cannot be pickled.
    """
    distributions = packages_distributions()
    found = {package for module in modules(model) for package in distributions.get(module, [])[:1]}
    return {name: installed for name in {**dict.fromkeys(LIBRARIES), **dict.fromkeys(sorted(found))}
            if (installed := _version(name)) is not None}  # fmt: skip


def modules(model: Any) -> set[str]:
    """Return the top-level modules that a model's pickle names, without Python's own.

    Raises:
        NotServable: see `libraries`.
    """
    walk = _Walk()
    try:
        walk.dump(model)
    except (AttributeError, TypeError, pickle.PicklingError) as error:
        raise NotServable(
            f"{type(model).__name__} cannot be pickled: {error}. Functions without a name (lambda) "
            "cannot: define them in a module"
        ) from None
    if walk.own:
        raise NotServable(
            f"the model holds {walk.own[0]}, which is defined in the program that trained it and "
            "exists nowhere else: move it to a module of its own, import it from there, and train "
            "again"
        )
    return walk.modules - sys.stdlib_module_names


class _Walk(pickle.Pickler):
    """Pickle into nothing and note where classes and functions come from."""

    def __init__(self) -> None:
        super().__init__(_Nowhere(), protocol=5)
        self.modules: set[str] = set()
        self.own: list[str] = []

    def persistent_id(self, obj: Any) -> str | None:
        """Note an object's module; leave the content of arrays out, which may be gigabytes."""
        named = obj if hasattr(obj, "__qualname__") else type(obj)
        module = str(getattr(named, "__module__", None) or "")
        if module == "__main__":
            self.own.append(named.__qualname__)
        self.modules.add(module.partition(".")[0])
        return "array" if isinstance(obj, np.ndarray) and obj.dtype != object else None


class _Nowhere(io.RawIOBase):
    def write(self, data: Any) -> int:
        return len(data)


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
