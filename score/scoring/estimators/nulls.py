"""Where a model takes null, and how null was spelt where nothing has learned it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from scoring.columns.base import OBJECT
from scoring.estimators.asked import Asked
from scoring.estimators.predict import methods, predict
from scoring.estimators.structure import entrances, sends_columns_apart
from scoring.estimators.trial_rows import Records
from scoring.outputs.encoding import plain
from scoring.parameters.table import Table
from scoring.settings import Settings
from scoring.signals import raised_by_signal
from scoring.telemetry.log import logger

#: Columns that are tried one by one: each costs an answer of the model.
TRIED_ALONE = 200


def nullable_columns(
    asked: Asked, sample: pd.DataFrame, records: Records, settings: Settings
) -> list[str]:
    """Return the columns in which the model really takes null.

    All are tried at once, then all of numbers, then, where columns go different ways, one by
    one.

    Args:
        asked: the model.
        sample: its rows, (rows, columns), none null.
        records: rows that the model has answered.
        settings: the limits of its table.
    """
    names = [str(name) for name in sample.columns]
    anything = Table(with_null(sample, names), settings=settings)

    def takes(chosen: Sequence[str]) -> bool:
        if not chosen:
            return False
        rows = [records[0] | dict.fromkeys(chosen), *records[1:]]
        return _answers(asked, anything, rows) is not None

    if takes(names):
        return names
    kinds = [kind.kind for kind in sample.dtypes]
    numbers = [name for name, kind in zip(names, kinds, strict=True) if kind == "f"]
    others = [name for name, kind in zip(names, kinds, strict=True) if kind in "Ob"]
    together = numbers if takes(numbers) else []
    apart = any(sends_columns_apart(part) for part in entrances(asked.estimator))
    alone = [*others, *(numbers if apart and not together else [])]
    if len(alone) > TRIED_ALONE:
        return together
    found = {*together, *(name for name in alone if takes([name]))}
    return [name for name in names if name in found]


def spelt_nulls(
    asked: Asked, table: Table, records: Records, learned: dict[str, Any]
) -> dict[str, Any] | None:
    """Return how null is spelt in every column where NaN, the default, is not right.

    Where neither an encoder nor an imputer has learned it, both are tried: what pandas reads from
    a file is NaN, what a database gives is None. None when nothing is to be changed.
    """
    open_ = [
        name
        for name, kind in table.kinds.items()
        if kind.nullable and kind.dtype == OBJECT and name not in learned
    ]
    changed = dict(learned)
    for name in open_[:TRIED_ALONE]:
        rows = [records[0] | {name: None}, *records[1:]]
        spelt = Asked(
            asked.estimator,
            asked.form,
            plain_categories=asked.plain_categories,
            nulls=learned | {name: None},
        )
        as_nan, as_none = _answers(asked, table, rows), _answers(spelt, table, rows)
        if as_nan is None and as_none is not None:
            changed[name] = None
        elif as_nan is not None and as_none is not None and as_nan != as_none:
            logger.warning(
                "The model answers differently to None and to NaN in column %r, and nothing tells "
                "which it was trained on: null is given to it as NaN.",
                name,
            )
    return changed if changed != learned else None


def _answers(asked: Asked, table: Table, rows: Any) -> Any:
    """Return what the model answers to the first of the rows; None where it does not."""
    try:
        answer = plain(predict(asked, methods(asked)[0], table.convert(rows, "")))
    except Exception as error:
        if raised_by_signal(error):
            raise
        # Whatever else it raises, it does not take null.
        return None
    return answer[0]


def with_null(sample: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Return a sample with a further row: null in these columns, as far as they can hold one.

    Whole numbers cannot, as numpy has them; a column of booleans becomes one of objects.
    """
    rows = len(sample)
    chosen = sample.columns.isin(names) & [kind.kind not in "iu" for kind in sample.dtypes]
    null = sample.loc[:, chosen].reset_index(drop=True).reindex(range(rows + 1))
    same = sample.loc[:, ~chosen].iloc[[*range(rows), 0]].reset_index(drop=True)
    return pd.concat([null, same], axis=1)[list(sample.columns)]
