"""The rows that a model is asked with at the start, as a client would send them."""

from __future__ import annotations

from typing import Any

from scoring.columns.base import Kind, is_null
from scoring.columns.categories import Category
from scoring.columns.numbers import Boolean, DecimalNumber, Integer, Number
from scoring.parameters.table import Table

#: Rows as a client sends them.
Records = list[dict[str, Any]]


def trial_records(table: Table, *, made_up: bool) -> list[Records]:
    """Return rows to ask a model with, one list after the other until it answers.

    Each list has at least two rows, and never as many as there are columns: an answer with a
    result for every column shows. First the sample's rows, where it has one only with others
    like it, of other values; then, as a model may not know those, the sample's rows alone.
    Before that others than a row that was made up, as its zeros have no logarithm.

    Args:
        table: the type of the model's input; its sample is taken.
        made_up: nobody has written the sample.
    """
    sample, kinds = table.sample_input, list(table.kinds.values())
    if made_up:
        # A second row only says where null may be.
        sample = sample.iloc[:1]
    columns = [column.tolist() for _, column in sample.items()]
    count = max(len(sample), 2)
    # An answer with a result per column is told from one with a result per row.
    count += count == len(kinds)
    own = [
        [None if is_null(cell) else kind.example(cell) for cell in column]
        for kind, column in zip(kinds, columns, strict=True)
    ]
    varied = [
        [*cells, *_others(kind, cells[0], count - len(cells))]
        for kind, cells in zip(kinds, own, strict=True)
    ]
    others = [_others(kind, cells[0], count) for kind, cells in zip(kinds, own, strict=True)]
    repeated = [[cells[i % len(cells)] for i in range(count)] for cells in own]
    names = list(table.kinds)
    return [
        [dict(zip(names, row, strict=True)) for row in zip(*cells, strict=True)]
        for cells in (varied, *([others] if made_up else []), repeated)
    ]


def _others(kind: Kind, value: Any, count: int) -> list[Any]:
    return [_another(kind, value, step) for step in range(1, count + 1)]


def _another(kind: Kind, value: Any, step: int) -> Any:
    """Return another value of a kind; the same where a kind has no other that is plain to see."""
    if value is None:
        return None
    if isinstance(kind, Category):
        known = kind.categories
        return kind.inner.example(known[step % len(known)])
    if isinstance(kind, Boolean):
        return value if step % 2 == 0 else not value
    if isinstance(kind, Integer | Number | DecimalNumber):
        other = value + step
        return other if kind.accepts(other) else value
    if type(value) is str and kind.accepts(f"{value} {step}"):
        return f"{value} {step}"
    return value
