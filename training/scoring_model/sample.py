"""A typical request made from a table: no row of it, and no cell that identifies a person.

The service takes columns, types and nullability from the sample and publishes it in its Swagger
document. So types and nulls come from the whole table, numbers are rounded medians, and a text is
one that several rows share, or a made-up word.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from pandas.tseries.api import guess_datetime_format

from scoring_model.errors import NotServable

#: A value that fewer rows share may tell who they are. Statistical offices publish no count below
#: 3 to 10; 5 is the usual choice (k-anonymity: Sweeney, 2002).
SHARED_BY = 5

#: Digits that a median keeps: enough to be typical, too few to be somebody's.
DIGITS = 3

#: What stands for a text that no five rows share.
WORD = "text"

#: Types that JSON does not have, so that the sample is Parquet.
TYPED = "mM"


def typical_rows(X: pd.DataFrame) -> pd.DataFrame:
    """Return one typical row, and a second one with null wherever a column has nulls.

    Args:
        X: all rows of the features, (n, columns).

    Raises:
        NotServable: a column holds nothing, or values that no request can hold.
    """
    columns = {str(name): _typical(X[name], str(name)) for name in X}
    rows = pd.DataFrame(columns)
    nullable = [str(name) for name in X if X[name].isna().any()]
    if not nullable:
        return rows
    second = rows.astype(dict.fromkeys(nullable, object)).assign(**dict.fromkeys(nullable, None))
    types = {n: rows[n].dtype for n in nullable if rows[n].dtype != bool}
    return pd.concat([rows, second.astype(types)], ignore_index=True)


def needs_parquet(rows: pd.DataFrame) -> bool:
    """Tell whether a column has a type that JSON does not have: dates, durations, categories."""
    return any(
        dtype.kind in TYPED or isinstance(dtype, pd.CategoricalDtype) for dtype in rows.dtypes
    )


def records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows as JSON has them: null for what is missing."""
    plain = rows.astype(object)
    return [
        {str(key): value for key, value in row.items()}
        for row in plain.where(plain.notna(), None).to_dict("records")
    ]


def _typical(values: pd.Series, name: str) -> pd.Series:
    """Return a column of one typical value."""
    present = values.dropna()
    if present.empty:
        raise NotServable(f"column {name!r} holds no value at all: leave it out, and train again")
    dtype = present.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        return pd.Series([present.mode().iloc[0]], dtype=dtype)
    if pd.api.types.is_bool_dtype(dtype) or set(map(type, present)) == {bool}:
        return pd.Series([bool(present.mode().iloc[0])])
    if pd.api.types.is_numeric_dtype(dtype) and dtype.kind in "iuf":
        return pd.Series([_rounded(present.astype("float64"), whole=dtype.kind in "iu")])
    if pd.api.types.is_datetime64_any_dtype(dtype):
        middle = present.sort_values().iloc[len(present) // 2]
        return pd.Series([middle.normalize().replace(day=1)], dtype=dtype)
    if dtype.kind == "m":
        middle = present.sort_values().iloc[len(present) // 2]
        return pd.Series([middle.floor("h")], dtype=dtype)
    kinds = {type(value).__name__ for value in present}
    if kinds != {"str"}:
        raise NotServable(
            f"column {name!r} holds {', '.join(sorted(kinds))}: a request can hold numbers, "
            "true/false, dates and texts. Convert it, and train again"
        )
    return pd.Series([_text(present)], dtype=object)


def _rounded(values: pd.Series[float], *, whole: bool) -> float | int:
    finite = values[np.isfinite(values)]
    median = float(f"{finite.median() if len(finite) else 0.0:.{DIGITS}g}")
    return round(median) if whole else median


def _text(values: pd.Series[str]) -> str:
    # Of equally frequent ones the first in the alphabet: the same table gives the same sample.
    frequent = str(values.mode().iloc[0])
    if (values == frequent).sum() >= SHARED_BY:
        return frequent
    form = guess_datetime_format(str(values.iloc[0]))
    if form is not None:
        dates = pd.to_datetime(values, format=form, errors="coerce").sort_values()
        if dates.notna().all():
            return str(dates.iloc[len(dates) // 2].normalize().replace(day=1).strftime(form))
    return WORD
