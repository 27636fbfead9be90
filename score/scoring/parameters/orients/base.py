"""What every shape of a table can do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from scoring.columns.base import Kind, Refused
from scoring.columns.rows import Records
from scoring.problems import Problems, describe, key_path


class Cells(NamedTuple):
    """All cells of a table.

    Attributes:
        flat: every value, row by row; with `by_column`, column by column.
        rows: how many there are.
        labels: of the rows; None where the shape has none.
        by_column: see `flat`.
    """

    flat: list[Any]
    rows: int
    labels: Sequence[Any] | None = None
    by_column: bool = False


@dataclass(frozen=True)
class Orient(ABC):
    """Base of the shapes.

    Attributes:
        kinds: kind of each column by its name, in the sample's order.
        label: kind of the row labels.
        label_name: key of the row labels, in the one shape that has such a key.
        optional: columns that a record may leave out.
    """

    kinds: Mapping[str, Kind]
    label: Kind
    label_name: str = "index"
    optional: Sequence[str] = ()

    @cached_property
    def records(self) -> Records:
        """Rows with names."""
        return Records(self.kinds, self.optional)

    @abstractmethod
    def count(self, data: Any) -> int:
        """Return how many rows there are, 0 if that cannot be told; for the limits."""

    @abstractmethod
    def read(self, data: Any) -> Cells:
        """Return the cells.

        Raises:
            Refused: the shape is another one.
        """

    @abstractmethod
    def explain(self, data: Any, where: str, problems: Problems) -> None:
        """Add every problem of the table at path `where`."""

    @abstractmethod
    def schema(self) -> dict[str, Any]:
        """Return the Swagger schema of the table, without an example."""

    @abstractmethod
    def example(self, rows: list[dict[str, Any]]) -> Any:
        """Return these rows in this shape."""

    def _explain_labels(self, labels: list[Any], part: str, where: str, problems: Problems) -> None:
        for index, value in enumerate(labels):
            if not self.label.accepts(value):
                self.label.explain(value, part, f"{where}[{index}]", problems)

    def _keys_to_labels(self, keys: Sequence[str]) -> Any:
        """Return the keys of an object as row labels, (rows,); JSON's keys are always strings.

        A number is written as JSON itself writes integers, and in no other way: so no two keys are
        the same label.

        Raises:
            Refused: some key is no label.
        """
        if str in self.label.types:
            return self.label.convert(list(keys))
        try:
            numbers = list(map(int, keys))
        except ValueError:
            raise Refused from None
        # int() also reads " 7 ", "+7", "007", "1_000" and the digits of other scripts.
        if list(map(str, numbers)) != list(keys):
            raise Refused
        return self.label.convert(numbers)

    def _is_label(self, key: str) -> bool:
        if str in self.label.types:
            return self.label.accepts(key)
        try:
            number = int(key)
        except ValueError:
            return False
        return str(number) == key and self.label.accepts(number)

    def _explain_key(self, key: str, part: str, where: str, problems: Problems) -> None:
        number = f'{self.label.name} as key, written like "7" or "-7"'
        expected = "a key of Unicode text" if str in self.label.types else number
        problems.add(part, key_path(where, key), expected, describe(key))
