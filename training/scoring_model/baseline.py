"""Figures of the data that a model was trained on, to hold later requests against.

As in the sample, nothing that fewer than five rows share is written: no quantile that fewer lie
beyond, no smallest and largest value, no rare word.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from scoring_model.sample import SHARED_BY

#: The outermost ones stand for the smallest and the largest value, which are somebody's.
QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)

#: Words of a column that are listed, the most frequent first.
LISTED_VALUES = 50


def baseline(X: pd.DataFrame, targets: dict[str, pd.Series]) -> dict[str, Any]:
    """Return the figures of every column.

    Args:
        X: all rows of the features, (n, columns).
        targets: what was predicted and what the model predicts, by name; (n,) each.

    Returns:
        `{"rows": n, "columns": {name: figures}, "targets": {name: figures}}`. Figures are the
        share `missing`; for numbers `mean`, `std` and `quantiles`; for other columns `values`, the
        share of each value that at least five rows have, and the share of all `other_values`.
    """
    return {
        "rows": len(X),
        "columns": {str(name): _figures(X[name]) for name in X},
        "targets": {name: _figures(values) for name, values in targets.items()},
    }


def _figures(values: pd.Series) -> dict[str, Any]:
    figures: dict[str, Any] = {"type": str(values.dtype), "missing": float(values.isna().mean())}
    present = values.dropna()
    shared = [q for q in QUANTILES if min(q, 1 - q) * len(present) >= SHARED_BY]
    if pd.api.types.is_datetime64_any_dtype(present.dtype):
        days = present.dt.tz_localize(None).quantile(shared)
        return figures | {"quantiles": {str(q): f"{day:%Y-%m-%d}" for q, day in days.items()}}
    if pd.api.types.is_numeric_dtype(present.dtype) and present.dtype.kind in "iuf":
        numbers = present.astype("float64")
        quantiles = numbers.quantile(shared)
        return figures | {
            "mean": float(numbers.mean()),
            "std": float(numbers.std(ddof=0)),
            "quantiles": {str(q): float(f"{value:.3g}") for q, value in quantiles.items()},
        }
    counts = present.astype(str).value_counts()
    listed = counts[counts >= SHARED_BY].head(LISTED_VALUES)
    shares = {str(value): float(count / len(present)) for value, count in listed.items()}
    # All of them shared out leaves a rounding error, which is no share.
    others = max(0.0, round(1 - sum(shares.values()), 9)) if len(present) else 0.0
    return figures | {"values": shares, "other_values": others}
