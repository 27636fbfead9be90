"""A table with a column of each common type, and what is wrong with values sent for it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from scoring.errors import InvalidInput
from scoring.parameters.table import Table

SAMPLE = pd.DataFrame(
    {
        "age": [41, 52],
        "bmi": [21.5, 30.25],
        "smoker": [True, False],
        "city": ["Bern", "Basel"],
        "visits": pd.array([3, None], dtype="Int64"),
    }
)
ROW = {"age": 41, "bmi": 21.5, "smoker": True, "city": "Bern", "visits": 3}


def wrong(table: Table, value: Any) -> list[tuple[str, str, str]]:
    """Return the problems of a value at `Inputs.data`."""
    with pytest.raises(InvalidInput) as caught:
        table.convert(value, "Inputs.data")
    return [
        (p.where.removeprefix("Inputs.data"), p.expected, p.found) for p in caught.value.problems
    ]
