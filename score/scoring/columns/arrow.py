"""Arrays, maps and objects in a cell, which only Arrow's columns hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain
from typing import Any, ClassVar

import numpy as np

from scoring.columns.base import Kind, Refused, first_value
from scoring.columns.rows import Records
from scoring.columns.strings import String
from scoring.problems import Problems, check_keys, describe, key_path
from scoring.schemas import object_schema


def arrow_array(kind: Kind, values: list[Any], arrow_type: Any) -> Any:
    """Return JSON values as an Arrow array.

    Raises:
        Refused: for a value that is not of this kind.
    """
    import pyarrow as pa

    converted = kind.convert(values)
    if isinstance(converted, pa.Array):
        return converted
    return pa.array(converted, type=arrow_type)


@dataclass(frozen=True)
class ListOf(Kind):
    """An array of any length.

    Attributes:
        item: the kind of its items.
    """

    item: Kind = field(default_factory=String)

    types = frozenset({list})
    filler: ClassVar[Any] = []

    @property
    def name(self) -> str:
        return f"array of {self.item.expected}"

    def fits(self, value: Any) -> bool:
        return all(map(self.item.accepts, value))

    def explain(self, value: Any, part: str, where: str, problems: Problems) -> None:
        if type(value) is not list:
            super().explain(value, part, where, problems)
            return
        for index, item in enumerate(value):
            if not self.item.accepts(item):
                self.item.explain(item, part, f"{where}[{index}]", problems)

    def pack(self, values: list[Any]) -> Any:
        items = list(chain.from_iterable(values))
        return _offsets(values), arrow_array(self.item, items, self.dtype.value_type)

    def store(self, array: Any, missing: Any) -> Any:
        import pyarrow as pa

        offsets, items = array
        return pa.ListArray.from_arrays(offsets, items, type=self.dtype, mask=_mask(missing))

    def example(self, value: Any) -> Any:
        return [first_value(self.item, [item]) for item in value]

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": self.item.swagger()}


@dataclass(frozen=True)
class MapOf(Kind):
    """An object with any keys.

    Attributes:
        item: the kind of its values.
    """

    item: Kind = field(default_factory=String)

    types = frozenset({dict})
    filler: ClassVar[Any] = {}

    @property
    def name(self) -> str:
        return f"object with any keys, each {self.item.expected}"

    def fits(self, value: Any) -> bool:
        return all(map(String().fits, value)) and all(map(self.item.accepts, value.values()))

    def explain(self, value: Any, part: str, where: str, problems: Problems) -> None:
        if type(value) is not dict:
            super().explain(value, part, where, problems)
            return
        for key, item in value.items():
            if not String().fits(key):
                problems.add(part, key_path(where, key), "a key of Unicode text", describe(item))
            elif not self.item.accepts(item):
                self.item.explain(item, part, key_path(where, key), problems)

    def pack(self, values: list[Any]) -> Any:
        keys = String().convert(list(chain.from_iterable(values)))
        items = list(chain.from_iterable(value.values() for value in values))
        return _offsets(values), keys, arrow_array(self.item, items, self.dtype.item_type)

    def store(self, array: Any, missing: Any) -> Any:
        import pyarrow as pa

        offsets, keys, items = array
        keys = pa.array(keys, type=self.dtype.key_type)
        return pa.MapArray.from_arrays(offsets, keys, items, type=self.dtype, mask=_mask(missing))

    def example(self, value: Any) -> Any:
        return {key: first_value(self.item, [item]) for key, item in value.items()}

    def schema(self) -> dict[str, Any]:
        return {"type": "object", "additionalProperties": self.item.swagger()}


@dataclass(frozen=True)
class StructOf(Kind):
    """An object with a fixed set of keys.

    Attributes:
        fields: the kind of each value by its key.
    """

    fields: dict[str, Kind] = field(default_factory=dict)

    types = frozenset({dict})

    @property
    def filler(self) -> Any:
        """The least object."""
        return {name: kind.filler for name, kind in self.fields.items()}

    @property
    def name(self) -> str:
        return f"object with {', '.join(self.fields)}"

    def fits(self, value: Any) -> bool:
        return value.keys() == self.fields.keys() and all(
            kind.accepts(value[name]) for name, kind in self.fields.items()
        )

    def explain(self, value: Any, part: str, where: str, problems: Problems) -> None:
        if type(value) is not dict:
            super().explain(value, part, where, problems)
            return
        expected = {name: kind.expected for name, kind in self.fields.items()}
        check_keys(value, list(expected), expected, part, where, problems)
        for name, kind in self.fields.items():
            if name in value and not kind.accepts(value[name]):
                kind.explain(value[name], part, key_path(where, name), problems)

    def pack(self, values: list[Any]) -> Any:
        cells, width = Records(self.fields).read(values), len(self.fields)
        return [
            arrow_array(kind, cells[i::width], self.dtype.field(i).type)
            for i, kind in enumerate(self.fields.values())
        ]

    def store(self, array: Any, missing: Any) -> Any:
        import pyarrow as pa

        return pa.StructArray.from_arrays(array, type=self.dtype, mask=_mask(missing))

    def example(self, value: Any) -> Any:
        return {name: first_value(kind, [value[name]]) for name, kind in self.fields.items()}

    def schema(self) -> dict[str, Any]:
        properties = {name: kind.swagger() for name, kind in self.fields.items()}
        return object_schema(properties)


def _offsets(values: list[Any]) -> Any:
    """Return where each value's items begin, and where the last one's end: (values + 1,)."""
    import pyarrow as pa

    ends = np.cumsum([0, *map(len, values)])
    if ends[-1] > np.iinfo(np.int32).max:  # Arrow's offsets have 32 bits
        raise Refused
    return pa.array(ends, type=pa.int32())


def _mask(missing: Any) -> Any:
    import pyarrow as pa

    return None if missing is None else pa.array(missing)
