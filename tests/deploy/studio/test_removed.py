"""The table of what is gone, held against the packages that are installed."""

from __future__ import annotations

import importlib
import importlib.util
import warnings
from contextlib import suppress
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.feature_extraction.text import CountVectorizer

from deploy.studio.removed import AMBIGUOUS, METHODS, MODULES, NAMES

FRAME = pd.DataFrame({"a": [1]})


def there(name: str) -> bool:
    """Tell whether a dotted name can be reached, by importing as much of it as is a module."""
    parts = name.split(".")
    for i in range(len(parts), 0, -1):
        try:
            found: Any = importlib.import_module(".".join(parts[:i]))
        except ImportError:
            continue
        with warnings.catch_warnings(), suppress(ImportError):
            # scikit-learn raises, and says at length why it is gone.
            warnings.simplefilter("ignore")
            for part in parts[i:]:
                found = getattr(found, part, None)
            return found is not None
        return False
    return False


@pytest.mark.parametrize("name", [*MODULES, *NAMES])
def test_what_is_called_gone_is_gone(name: str) -> None:
    """No module, no name of that kind in today's packages."""
    if name.startswith(("numpy.", "pandas.", "sklearn.")):
        assert importlib.util.find_spec(name.partition(".")[0])
    assert not there(name)


@pytest.mark.parametrize("name", [r.fix or r.instead for r in (*MODULES.values(), *NAMES.values())])
def test_what_stands_instead_is_there(name: str) -> None:
    """As far as it is a name: a module, a function, or a built-in one."""
    if name.startswith(("numpy.", "pandas.", "sklearn.", "joblib")) and " " not in name:
        assert there(name.partition("(")[0].rstrip(","))
    elif name.isidentifier():
        assert there(f"builtins.{name}")


@pytest.mark.parametrize("name", [*METHODS, *AMBIGUOUS])
def test_methods_are_gone(name: str) -> None:
    """Of frames, columns, indexes and datetimes alike."""
    objects = [FRAME, FRAME["a"], FRAME.index, pd.Timestamp(0), CountVectorizer(), np.ones(1)]
    if name in ("append", "sort"):  # an index still has append, an array sort
        objects = objects[:2]
    assert [type(one) for one in objects if hasattr(one, name)] == []


def test_methods_instead_are_there() -> None:
    """Those that are written as they are."""
    written = {removed.fix for removed in METHODS.values() if removed.fix}
    assert written == {"to_numpy", "items", "get_feature_names_out"}
    assert all(any(hasattr(one, fix) for one in (FRAME, CountVectorizer())) for fix in written)
