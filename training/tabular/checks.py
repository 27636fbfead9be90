"""A user's own table, checked before any training starts.

Every fault is found and said in terms of the file (column, row, value), because what
scikit-learn says later is said in terms of arrays.
"""

from __future__ import annotations

import difflib
import reprlib
from enum import Enum

import numpy as np
import pandas as pd
from sklearn.utils.multiclass import type_of_target

from tabular.errors import BadData

#: R2 is not defined for fewer than two held-out rows, and 20 % of six rows are two.
MIN_ROWS = 6

#: So that 20 % of a class are at least one row.
MIN_CLASS_ROWS = 5

#: Faults listed at once; the first few are what a person mends before trying again.
LISTED_FAULTS = 10


class Task(Enum):
    """What the target column has to be."""

    REGRESSION = "numbers"
    CLASSIFICATION = "labels"


def check_table(df: pd.DataFrame, target: str, task: Task) -> pd.DataFrame:
    """Return the table ready for training: complete, every feature a number.

    Whole numbers become floats, booleans stay.

    Args:
        df: features and target.
        target: the column to predict.
        task: whether the target has to hold numbers or labels.

    Raises:
        BadData: naming up to `LISTED_FAULTS` columns that cannot be used, or what else is wrong.
    """
    df = df.rename(columns=str)
    _check_shape(df, target)
    labels = target if task is Task.CLASSIFICATION else None
    faults = [
        f"column {name!r} {fault}"
        for name in df.columns
        if (fault := _missing(df[name]) or (name != labels and _not_number(df[name])))
    ]
    if faults:
        more = [f"and {len(faults) - LISTED_FAULTS} more columns"] * (len(faults) > LISTED_FAULTS)
        raise BadData("\n  ".join([*faults[:LISTED_FAULTS], *more]))
    if labels:
        _check_labels(df[target])
    return with_floats(df, labels)


def check_target(df: pd.DataFrame, target: str) -> tuple[pd.DataFrame, list[str]]:
    """Return the table with whole-number features as floats, and the columns left out as empty.

    For what takes columns of any type: only the target has to be complete.

    Raises:
        BadData: there is no such column, it lacks values, or there are too few rows.
    """
    df = df.rename(columns=str)
    _check_shape(df, target)
    fault = _missing(df[target])
    if fault:
        raise BadData(f"column {target!r} {fault}")
    empty = [str(name) for name in df if df[name].isna().all()]
    return with_floats(df.drop(columns=empty), target), empty


def with_floats(df: pd.DataFrame, labels: str | None) -> pd.DataFrame:
    """Return the table with its whole numbers as floats, the labels apart.

    The service's types come from this table: it is to take 34.5 where the data happened to say 34.
    """
    whole = [n for n in df if n != labels and pd.api.types.is_integer_dtype(df[n])]
    return df.astype(dict.fromkeys(whole, "float64"))


def _check_shape(df: pd.DataFrame, target: str) -> None:
    if target not in df.columns:
        near = difflib.get_close_matches(target, df.columns, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else "."
        columns = reprlib.repr(list(df.columns))
        raise BadData(f"no column {target!r} to predict{hint} The columns are {columns}")
    if len(df.columns) == 1:
        raise BadData(f"no other column than the target {target!r} to predict it from")
    if len(df) < MIN_ROWS:
        raise BadData(f"{len(df)} rows of data; at least {MIN_ROWS} are needed")


def _missing(values: pd.Series) -> str | None:
    missing = values.isna()
    if not missing.any():
        return None
    rows = np.flatnonzero(missing) + 1
    more = f" (and in {len(rows) - 1} more)" if len(rows) > 1 else ""
    return f"has no value in row {rows[0]}{more}: fill it in, or leave such rows out"


def _not_number(values: pd.Series) -> str | None:
    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_complex_dtype(values):
        infinite = np.flatnonzero(np.isinf(values.astype("float64")))
        return f"is infinite in row {infinite[0] + 1}" if len(infinite) else None
    if pd.api.types.is_object_dtype(values) or pd.api.types.is_string_dtype(values):
        row = int(np.flatnonzero(pd.to_numeric(values, errors="coerce").isna())[:1].sum())
        found = f"holds {reprlib.repr(values.iloc[row])} in row {row + 1}"
    else:
        found = f"is of type {values.dtype}"
    return f"{found}; expected a number: correct it, or leave the column out"


def _check_labels(target: pd.Series) -> None:
    kind = type_of_target(target.to_numpy())
    if kind not in ("binary", "multiclass"):
        raise BadData(f"column {target.name!r} holds {kind} values; expected labels of classes")
    counts = target.value_counts()
    if len(counts) < 2:
        raise BadData(f"column {target.name!r} holds one class only; at least 2 are needed")
    if counts.iloc[-1] < MIN_CLASS_ROWS:
        rare = f"class {reprlib.repr(counts.index[-1])} in {counts.iloc[-1]} rows"
        raise BadData(f"column {target.name!r} has {rare}; at least {MIN_CLASS_ROWS} are needed")
