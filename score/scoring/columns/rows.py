"""Rows of a table as JSON has them: objects with a key per column, or arrays by position.

Reading is all or nothing and looks at all rows at once; `explain` goes cell by cell, and only
runs when reading has failed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from operator import itemgetter
from typing import Any

from scoring.columns.base import Kind, Refused
from scoring.problems import Problems, check_keys, describe, key_path, shorten
from scoring.schemas import object_schema, one_of


@dataclass(frozen=True)
class Records:
    """Rows that are objects; the order of the keys is free.

    Attributes:
        kinds: kind of each column by its name, in the sample's order.
        optional: columns that may be left out; they are null then.
    """

    kinds: Mapping[str, Kind]
    optional: Sequence[str] = ()

    @cached_property
    def _get(self) -> Callable[[Any], Any]:
        get = itemgetter(*self.kinds)
        return get if len(self.kinds) > 1 else lambda row: (get(row),)

    @cached_property
    def _expected(self) -> dict[str, str]:
        return {name: kind.expected for name, kind in self.kinds.items()}

    def read(self, rows: Sequence[Any]) -> list[Any]:
        """Return all cells, row by row, each row in the sample's order.

        Raises:
            Refused: some row is no object with exactly the columns.
        """
        if not set(map(type, rows)) <= {dict}:
            raise Refused
        if self.optional:
            absent = dict.fromkeys(self.optional)
            rows = [absent | row for row in rows]
        # All columns there and no more keys than columns: no other key.
        if not set(map(len, rows)) <= {len(self.kinds)}:
            raise Refused
        try:
            return list(chain.from_iterable(map(self._get, rows)))
        except KeyError:
            raise Refused from None

    def explain(self, row: Any, part: str, where: str, problems: Problems) -> None:
        """Add what is wrong with one row."""
        if not isinstance(row, dict):
            problems.add(part, where, "an object with a key per column", describe(row))
            return
        if row.keys() != self.kinds.keys():
            required = [name for name in self.kinds if name not in self.optional]
            check_keys(row, required, self._expected, part, where, problems)
        for name, kind in self.kinds.items():
            if name in row and not kind.accepts(row[name]):
                kind.explain(row[name], part, key_path(where, name), problems)

    def schema(self) -> dict[str, Any]:
        """Return the Swagger schema of one row."""
        properties = {name: kind.swagger() for name, kind in self.kinds.items()}
        return object_schema(properties, self.optional)


@dataclass(frozen=True)
class Positions:
    """Rows that are arrays, one value per column in a fixed order.

    Attributes:
        kinds: kind of each column by its name, in the order of the row.
    """

    kinds: Mapping[str, Kind]

    @cached_property
    def _notes(self) -> list[str]:
        return [f"column {shorten(name)}" for name in self.kinds]

    def read(self, rows: Sequence[Any]) -> list[Any]:
        """Return all cells, row by row.

        Raises:
            Refused: some row is no array of the right length.
        """
        if not set(map(type, rows)) <= {list}:
            raise Refused
        if not set(map(len, rows)) <= {len(self.kinds)}:
            raise Refused
        return list(chain.from_iterable(rows))

    def explain(self, row: Any, part: str, where: str, problems: Problems) -> None:
        """Add what is wrong with one row."""
        if not isinstance(row, list) or len(row) != len(self.kinds):
            problems.add(part, where, f"an array of {len(self.kinds)}", describe(row))
            return
        for index, (name, value) in enumerate(zip(self.kinds, row, strict=True)):
            kind = self.kinds[name]
            if not kind.accepts(value):
                # A number alone tells few which column it is.
                noting = problems if problems.full else problems.noting(self._notes[index])
                kind.explain(value, part, f"{where}[{index}]", noting)

    def schema(self) -> dict[str, Any]:
        """Return the Swagger schema of one row."""
        width = len(self.kinds)
        items = one_of([kind.swagger() for kind in self.kinds.values()])
        return {"type": "array", "items": items, "minItems": width, "maxItems": width}
