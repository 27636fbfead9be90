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
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from scoring.columns.arrow import ListOf, MapOf, StructOf
from scoring.columns.base import Kind, Refused
from scoring.columns.datetimes import Date, DateTime, Duration
from scoring.columns.numbers import Boolean, DecimalNumber, Integer, Number
from scoring.columns.strings import Bytes, String


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
