"""Numbers, integers, decimals and booleans.

JSON has one type for numbers, so `3.0` is an integer and `3` a number. Nothing else is taken
for what it is not: no text for a number, no `true` for 1, no 1.7 for 1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np

from scoring.columns.base import Kind, Refused, numpy_type, objects


@dataclass(frozen=True)
class Number(Kind):
    """A floating-point number, of any width.

    Attributes:
        allow_nan: the literals NaN, Infinity and -Infinity, which JSON does not have but
            Python's parser reads, are accepted.
    """

    allow_nan: bool = False

    types = frozenset({float, int})
    filler = 0.0

    @cached_property
    def limit(self) -> float:
        """The largest number that the type's largest stands for: it rounds to that one.

        So the shortest spelling of the largest is accepted, as numpy and .NET write it:
        3.4028235e38 is above what 32 bits hold.
        """
        info = self._info
        if info.dtype == np.float64:
            return float(info.max)
        # Half a step further, to the even neighbour, is infinity already (IEEE 754 section 4.3.1).
        step = float(info.max) - float(np.nextafter(info.max, info.dtype.type(0)))
        return math.nextafter(float(info.max) + step / 2, 0)

    @cached_property
    def _info(self) -> Any:
        return np.finfo(numpy_type(self.dtype, float))

    @property
    def name(self) -> str:
        if self._info.dtype == np.float64:
            return "number"
        largest = f"{float(self._info.max):.8g}"
        return f"number from -{largest} to {largest}"

    def fits(self, value: Any) -> bool:
        try:
            number = float(value)
        except OverflowError:  # an integer of hundreds of digits
            return False
        return abs(number) <= self.limit or (self.allow_nan and not math.isfinite(number))

    def pack(self, values: list[Any]) -> Any:
        try:
            array = np.array(values, dtype=np.float64)
        except OverflowError:
            raise Refused from None
        good = np.abs(array) <= self.limit  # NaN is not
        if not good.all() and not (self.allow_nan and (good | ~np.isfinite(array)).all()):
            raise Refused
        return array

    def example(self, value: Any) -> Any:
        # Where NaN and infinities may be sent, they still are no JSON for a document.
        return float(value) if math.isfinite(value) else self.filler

    def schema(self) -> dict[str, Any]:
        if self.name == "number":
            return {"type": "number", "format": "double"}
        return {
            "type": "number",
            "format": "float",
            "minimum": -self.limit,
            "maximum": self.limit,
        }


@dataclass(frozen=True)
class Integer(Kind):
    """A whole number in the range of its type."""

    types = frozenset({int, float})
    filler = 0

    @cached_property
    def range(self) -> tuple[int, int]:
        """The least and the largest number that the type holds."""
        info = np.iinfo(numpy_type(self.dtype, int))
        return int(info.min), int(info.max)

    @property
    def name(self) -> str:
        low, high = self.range
        bits = high.bit_length() + (low < 0)
        return f"integer of {bits} bits" if low and bits == 64 else f"integer from {low} to {high}"

    def fits(self, value: Any) -> bool:
        low, high = self.range
        return low <= value <= high and (type(value) is int or value.is_integer())

    def pack(self, values: list[Any]) -> Any:
        if float in map(type, values):
            if not all(type(value) is int or value.is_integer() for value in values):
                raise Refused
            values = list(map(int, values))
        low, high = self.range
        try:
            array = np.array(values, dtype=np.uint64 if high > 2**63 else np.int64)
        except OverflowError:
            raise Refused from None
        if len(array) and not low <= array.min() <= array.max() <= high:
            raise Refused
        return array

    def example(self, value: Any) -> Any:
        return int(value)

    def schema(self) -> dict[str, Any]:
        low, high = self.range
        bits = high.bit_length() + (low < 0)
        form = {"format": f"int{bits}"} if low and bits in (32, 64) else {}
        return {"type": "integer", **form, "minimum": low, "maximum": high}


@dataclass(frozen=True)
class Boolean(Kind):
    """True or false."""

    types = frozenset({bool})
    filler = False
    name = "boolean"

    def fits(self, value: Any) -> bool:  # noqa: ARG002 - the type has said it all
        return True

    def pack(self, values: list[Any]) -> Any:
        return np.array(values, dtype=bool)

    def example(self, value: Any) -> Any:
        return bool(value)

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


@dataclass(frozen=True)
class DecimalNumber(Kind):
    """A `decimal.Decimal`: the decimal digits that JSON had, as far as a double keeps them."""

    types = frozenset({float, int})
    filler = 0
    name = "number"

    def fits(self, value: Any) -> bool:
        return type(value) is int or math.isfinite(value)

    def pack(self, values: list[Any]) -> Any:
        decimals = list(map(Decimal, map(repr, values)))
        if not all(map(Decimal.is_finite, decimals)):
            raise Refused
        return objects(decimals)

    def example(self, value: Any) -> Any:
        return float(value)

    def schema(self) -> dict[str, Any]:
        return {"type": "number"}
