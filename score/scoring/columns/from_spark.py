"""What a column of a Spark DataFrame can be, nested ones included.

    Spark                                     JSON
    DOUBLE, FLOAT, DECIMAL                    number
    TINYINT, SMALLINT, INT, BIGINT            whole number in the type's range
    BOOLEAN, STRING                           boolean, string
    BINARY                                    base64
    TIMESTAMP, TIMESTAMP_NTZ, DATE            RFC 3339
    INTERVAL DAY TO SECOND                    ISO 8601 duration
    ARRAY, STRUCT, MAP with strings as keys   array, object

A column is converted to an Arrow array, which Spark takes over without a Python worker.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from scoring.columns.datetimes import Date, DateTime, Duration
from scoring.columns.from_sample import first_value
from scoring.columns.numbers import Boolean, Integer, Kind, Number, Refused
from scoring.columns.rows import Records, object_schema
from scoring.columns.strings import Bytes, DecimalNumber, String
from scoring.problems import Problems, check_keys, describe, key_path


def spark_kind(spark_type: Any, arrow_type: Any, where: str, nullable: bool) -> Kind:
    """Return what kind of values a Spark type holds.

    Args:
        spark_type: a `pyspark.sql.types.DataType`.
        arrow_type: the same as Arrow has it.
        where: the column's name, for the error.
        nullable: whether the schema allows null there.

    Raises:
        TypeError: the type has no form in JSON.
    """
    name = spark_type.typeName()
    if name == "decimal":
        return SparkDecimal(
            nullable=nullable, precision=spark_type.precision, scale=spark_type.scale
        )
    if name == "array":
        element = spark_type.elementType, arrow_type.value_type, f"the items of {where}"
        return ListOf(arrow_type, nullable, spark_kind(*element, spark_type.containsNull))
    if name == "map" and spark_type.keyType.typeName() == "string":
        value = spark_type.valueType, arrow_type.item_type, f"the values of {where}"
        return MapOf(arrow_type, nullable, spark_kind(*value, spark_type.valueContainsNull))
    if name == "struct":
        fields = {
            inner.name: spark_kind(
                inner.dataType, arrow_type.field(i).type, f"{where}.{inner.name}", inner.nullable
            )
            for i, inner in enumerate(spark_type.fields)
        }
        return StructOf(arrow_type, nullable, fields)
    if name not in SCALARS:
        raise TypeError(f"{where} is of type {name}, which cannot be read from JSON: convert it")
    return SCALARS[name](nullable)


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
class Timestamp(DateTime):
    """An instant; Spark hands it out in this machine's zone, without saying so."""

    def example(self, value: Any) -> Any:
        return super().example(value.astimezone())


#: The kinds of Spark's scalar types; the key is `DataType.typeName()`.
SCALARS: dict[str, Callable[[bool], Kind]] = {
    # pandas' masked types: they tell null from NaN, as Spark does.
    "double": lambda nullable: Number(pd.Float64Dtype(), nullable),
    "float": lambda nullable: Number(pd.Float32Dtype(), nullable),
    "byte": lambda nullable: Integer(pd.Int8Dtype(), nullable),
    "short": lambda nullable: Integer(pd.Int16Dtype(), nullable),
    "integer": lambda nullable: Integer(pd.Int32Dtype(), nullable),
    "long": lambda nullable: Integer(pd.Int64Dtype(), nullable),
    "boolean": lambda nullable: Boolean(pd.BooleanDtype(), nullable),
    "string": lambda nullable: String(nullable=nullable),
    "binary": lambda nullable: Bytes(nullable=nullable),
    "date": lambda nullable: Date(nullable=nullable),
    # Spark counts microseconds; a finer value is refused.
    "timestamp": lambda nullable: Timestamp(np.dtype("M8[us]"), nullable, unit="us"),
    "timestamp_ntz": lambda nullable: DateTime(np.dtype("M8[us]"), nullable, unit="us"),
    "daytimeinterval": lambda nullable: Duration(np.dtype("m8[us]"), nullable, unit="us"),
}


@dataclass(frozen=True)
class SparkDecimal(DecimalNumber):
    """A decimal number of fixed width; what has more digits is refused, not rounded.

    Attributes:
        precision: digits in all.
        scale: digits after the point.
    """

    precision: int = 10
    scale: int = 0

    @property
    def name(self) -> str:  # type: ignore[override]
        before = self.precision - self.scale
        return f"number with at most {before} digits before the point and {self.scale} after it"

    def fits(self, value: Any) -> bool:
        if not super().fits(value):
            return False
        exact = Decimal(repr(value))
        digits = -int(exact.as_tuple().exponent)
        # Nothing here may round to the 28 digits of Python's decimal context.
        return exact.copy_abs() <= self._limit and (digits <= self.scale or value == int(value))

    def pack(self, values: list[Any]) -> Any:
        if not all(map(self.fits, values)):
            raise Refused
        return super().pack(values)

    @property
    def _limit(self) -> Decimal:
        return Decimal((0, (9,) * self.precision, -self.scale))

    def schema(self) -> dict[str, Any]:
        limit, step = float(self._limit), 10.0**-self.scale
        return {"type": "number", "minimum": -limit, "maximum": limit, "multipleOf": step}


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
