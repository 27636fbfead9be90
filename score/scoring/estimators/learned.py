"""What a fitted estimator has learned of its columns: their types, and how null is spelt.

A pickle keeps no table, but its encoders keep what they have seen. An encoder tells about a
column only where nothing stands before it that makes something else of the values: behind a
`KBinsDiscretizer` it knows the bins, not the ages.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from sklearn.impute import MissingIndicator, SimpleImputer
from sklearn.preprocessing import FunctionTransformer

from scoring.columns.base import OBJECT
from scoring.estimators.structure import Chain, chains, is_missing, takes_text

#: A number, a text: what the example in the Swagger document shows where nothing better is known.
NUMBER, TEXT = 0.0, "text"

#: A column of one cell: an array of numpy's or a categorical of pandas'.
Cells = Any
NUMBERS, TEXTS = np.array([NUMBER]), np.array([TEXT], dtype=object)


def learned_columns(model: Any, names: list[str]) -> list[dict[str, Cells]]:
    """Return one made-up cell for every column that the model uses, in the order of `names`.

    Returns:
        One table, or two where a function stands before an encoder, so that nothing tells
        whether it takes texts or numbers: which one the model takes has to be tried.
    """
    found: dict[str, list[list[Cells]]] = {}
    for chain in chains(model, names):
        found.setdefault(str(chain.column), []).append(_cells_of(chain))
    # Where a column goes several ways, the first that says more than "a number" counts.
    best = {name: max(ways, key=_tells) for name, ways in found.items()}
    tables = [
        {name: best[name][min(i, len(best[name]) - 1)] for name in names if name in best}
        for i in range(max((len(cells) for cells in best.values()), default=0))
    ]
    return tables[:2]


def learned_nulls(model: Any, names: list[str]) -> dict[str, Any]:
    """Return how null was spelt in the columns of which an encoder or imputer has learned it.

    Returns:
        Column to None, NaN or `pandas.NA`.
    """
    nulls: dict[str, Any] = {}
    for chain in chains(model, names):
        found = _null_of(chain)
        if found:
            nulls.setdefault(str(chain.column), found[0])
    return nulls


def _tells(cells: list[Cells]) -> int:
    kind = cells[0].dtype
    return 2 if isinstance(kind, pd.CategoricalDtype) else int(kind.kind != "f")


def _cells_of(chain: Chain) -> list[Cells]:
    """Return one cell of the column's type; two where it may be either."""
    changed = False
    for step in chain.steps:
        if hasattr(step, "categories_"):
            known = _values(step.categories_[chain.index])
            if not changed:
                return [_categories(step, known, step.categories_[chain.index].dtype)]
            known_text = np.array(known[:1], dtype=object)
            return [known_text, NUMBERS] if _are_texts(known) else [NUMBERS, TEXTS]
        if isinstance(step, SimpleImputer):
            if isinstance(step.statistics_[chain.index], str):
                return [TEXTS] if chain.steps[-1] is step else [*_rest(chain, step)]
        elif isinstance(step, FunctionTransformer):
            changed = changed or step.func is not None
        elif takes_text(step):
            return [TEXTS]
        else:
            return [NUMBERS]
    return [NUMBERS, TEXTS] if changed else [NUMBERS]


def _rest(chain: Chain, step: Any) -> list[Cells]:
    """Return the cells that the steps behind an imputer of texts tell, texts in any case."""
    behind = chain.steps[chain.steps.index(step) + 1 :]
    cells = _cells_of(Chain(chain.column, behind, chain.index))
    return cells if cells[0].dtype.kind != "f" else [TEXTS]


def _categories(encoder: Any, known: list[Any], dtype: Any) -> Cells:
    if known and getattr(encoder, "handle_unknown", "ignore") == "error":
        return pd.Categorical(known[:1], categories=known)
    if known and all(isinstance(value, bool) for value in known):
        return np.array([False])
    # A category the encoder knows would do as well, but is training data.
    # Numbers that were Python objects in training have to be that again.
    return TEXTS if _are_texts(known) else NUMBERS.astype(OBJECT if dtype == OBJECT else float)


def _values(categories: Iterable[Any]) -> list[Any]:
    """Return the categories without missing ones, as Python's own values."""
    plain = (value.item() if isinstance(value, np.generic) else value for value in categories)
    return [value for value in plain if not is_missing(value)]


def _are_texts(known: list[Any]) -> bool:
    return all(isinstance(value, str) for value in known)


def _null_of(chain: Chain) -> list[Any]:
    """Return the null that the steps have learned, in a list; an empty one if they have not."""
    said: list[Any] = []
    for step in chain.steps:
        if hasattr(step, "categories_"):
            # What came through an imputer is what it did not take for missing.
            seen = [value for value in step.categories_[chain.index] if is_missing(value)]
            return seen[:1] or said
        if isinstance(step, SimpleImputer | MissingIndicator):
            if not said and is_missing(step.missing_values):
                said = [step.missing_values]
        elif not isinstance(step, FunctionTransformer):
            break
    return said
