"""The rows of an input file, and the columns that this client adds to those without a result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

#: Columns of the file of failed rows that are this client's own: left out when it is scored.
ROW_COLUMN = "row (score)"
LINE_COLUMN = "line (score)"
FIELDS_COLUMN = "fields (score)"
ERROR_COLUMN = "error (score)"
OWN_COLUMNS = frozenset({ROW_COLUMN, LINE_COLUMN, FIELDS_COLUMN, ERROR_COLUMN})


@dataclass(frozen=True)
class SourceRow:
    """One row of the input.

    Attributes:
        values: what is sent.
        line: where it begins in a CSV, from 1; None in other formats.
        problem: why it cannot be sent.
        fields: as they stand in a CSV.
    """

    values: dict[str, Any]
    line: int | None = None
    problem: str | None = None
    fields: Sequence[str] | None = None
