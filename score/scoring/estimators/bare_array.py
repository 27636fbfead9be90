"""Asking scikit-learn's own estimators with an array instead of a frame.

With a frame, scikit-learn compares the columns' names and types at every call, which takes longer
than most models' arithmetic: 307 µs of which 26 are left for a Ridge and one row. So an estimator
is also asked through a copy that knows no names, after the names were compared here; but only
where it gave the same bits on made-up rows, in batches of several sizes, when it was first asked.

The array has the frame's own memory, column by column: in another order sums over a row differ in
their last bit from seven rows on.

Never for what may look at columns by name or type, or is not scikit-learn's: pipelines, whatever
holds another estimator, subclasses from elsewhere.
"""

from __future__ import annotations

import copy
import warnings
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

#: Rows in each made-up batch: libraries change their way of computing at some of these.
BATCHES = (1, 2, 3, 7, 8, 33, 256)

#: For each estimator and method its copy without names; None where it is asked with frames.
_copies: WeakKeyDictionary[Any, dict[str, Any]] = WeakKeyDictionary()


def ask(model: Any, method: str, rows: Any, **parameters: Any) -> Any:
    """Return `getattr(model, method)(rows, **parameters)`, bit for bit.

    Args:
        model: a fitted estimator.
        method: one that it has.
        rows: (rows, columns), at least one row; what is no frame is handed on.
        parameters: further arguments of the method.
    """
    if parameters or not isinstance(rows, pd.DataFrame):
        return getattr(model, method)(rows, **parameters)
    bare = _bare(model, method)
    if bare is not None and model.feature_names_in_.tolist() == rows.columns.tolist():
        array = rows.to_numpy()
        if array.dtype == np.float64 and array.flags.f_contiguous:
            return getattr(bare, method)(array)
    return getattr(model, method)(rows)


def _bare(model: Any, method: str) -> Any:
    try:
        copies = _copies.setdefault(model, {})
    except TypeError:  # without a hash, or such that nothing can refer to it weakly
        return None
    if method not in copies:
        copies[method] = _nameless(model, method)
    return copies[method]


def _nameless(model: Any, method: str) -> Any:
    """Return a copy that takes arrays and answers as the model does; None where there is none."""
    if not _plain(model):
        return None
    bare = copy.copy(model)
    del bare.feature_names_in_
    names = model.feature_names_in_
    chance = np.random.default_rng(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about made-up rows, which nobody sent
        for size in BATCHES:
            rows = np.asfortranarray(chance.standard_normal((size, len(names))))
            frame = pd.DataFrame(rows, columns=names, copy=False)
            try:
                expected, found = getattr(model, method)(frame), getattr(bare, method)(rows)
            except Exception:  # noqa: BLE001 - the model's own matter, told when asked for real
                return None
            if not _same_bits(expected, found):
                return None
    return bare


def _plain(model: Any) -> bool:
    """Tell whether this is one of scikit-learn's own that holds no other estimator."""
    if type(model).__module__.partition(".")[0] != "sklearn":
        return False
    if "feature_names_in_" not in vars(model) or hasattr(model, "transformers_"):
        return False
    held = model.get_params(deep=False).values()
    return not any(hasattr(one, "fit") or isinstance(one, list) for one in held)


def _same_bits(expected: Any, found: Any) -> bool:
    return (
        type(expected) is np.ndarray is type(found)
        and (expected.dtype, expected.shape) == (found.dtype, found.shape)
        and (expected.dtype != object and expected.tobytes() == found.tobytes())
    ) or _same_labels(expected, found)


def _same_labels(expected: Any, found: Any) -> bool:
    """Tell whether two arrays of objects, which labels may be, hold the same ones."""
    return (
        type(expected) is np.ndarray is type(found)
        and expected.dtype == object == found.dtype
        and expected.tolist() == found.tolist()
    )
