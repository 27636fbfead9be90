"""What one value can be: a number, an integer, a boolean; `texts` and `times` have more.

A kind converts whole columns at once (`convert`), tells of one value whether it fits
(`accepts`), and describes itself to Swagger (`swagger`). Both ways agree: `convert` refuses a
column exactly when `accepts` refuses one of its values.

JSON has one type for numbers, so `3.0` is an integer and `3` a number. Nothing else is taken
for what it is not: no text for a number, no `true` for 1, no 1.7 for 1.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from scoring.outputs.conformance import NULLABLE
from scoring.problems import Problems, describe

#: The numpy type of a column that holds Python objects.
OBJECT = np.dtype(object)


class Refused(Exception):
    """Some value of a column is not of its kind; `accepts` tells which, `hint` may tell why."""


@dataclass(frozen=True)
class Kind(ABC):
    """Base of all kinds.

    Attributes:
        dtype: of what `convert` returns: a numpy type or one of pandas' own.
        nullable: null is accepted too.
    """

    dtype: Any = OBJECT
    nullable: bool = False

    #: Types of the JSON values, as Python's parser makes them.
    types: ClassVar[frozenset[type]] = frozenset({str})
    #: Stands in for null while a column is converted.
    filler: ClassVar[Any] = ""

    @property
    @abstractmethod
    def name(self) -> str:
        """What a value is called in an error."""

    @abstractmethod
    def fits(self, value: Any) -> bool:
        """Tell whether a value that is not null is of this kind."""

    @abstractmethod
    def pack(self, values: list[Any]) -> Any:
        """Return values of the right types, none of them null, as a numpy array.

        Raises:
            Refused: for a value that is not of this kind.
        """

    @abstractmethod
    def schema(self) -> dict[str, Any]:
        """Return the Swagger schema of a value that is not null."""

    def example(self, value: Any) -> Any:
        """Return a value of the sample as the JSON that a client would send for it."""
        return value

    @property
    def expected(self) -> str:
        """What an error says was expected."""
        return self._or_null(self.name)

    def _or_null(self, name: str) -> str:
        return f"{name} or null" if self.nullable else name

    def hint(self, value: Any) -> str:  # noqa: ARG002 - for kinds that have more to say
        """Return `name`, and why a value of the right type is none, where it looks like one."""
        return self.name

    def accepts(self, value: Any) -> bool:
        """Tell whether a JSON value is of this kind."""
        return self.nullable if value is None else type(value) in self.types and self.fits(value)

    def explain(self, value: Any, part: str, where: str, problems: Problems) -> None:
        """Add what is wrong with a value that is not accepted; `part` as in `Problems.add`."""
        if problems.full:
            # Of a million wrong cells it matters what the words for each of them cost.
            problems.count(part)
            return
        name = self.hint(value) if type(value) in self.types else self.name
        problems.add(part, where, self._or_null(name), describe(value))

    def swagger(self) -> dict[str, Any]:
        """Return the Swagger schema of a value, without an example."""
        return {**self.schema(), **({NULLABLE: True} if self.nullable else {})}

    def convert(self, values: list[Any]) -> Any:
        """Return a column of JSON values as one array of `dtype`.

        Raises:
            Refused: for a value that is not of this kind.
        """
        types = set(map(type, values))
        missing = None
        if type(None) in types:
            if not self.nullable:
                raise Refused
            types.remove(type(None))
            missing = np.fromiter((value is None for value in values), bool, len(values))
            values = [self.filler if value is None else value for value in values]
        if not types <= self.types:
            raise Refused
        return self.store(self.pack(values), missing)

    def scalar(self, value: Any) -> Any:
        """Return one accepted value as the Python object that `convert` makes of it."""
        if value is None:
            return None
        cell = self.convert([value])[0]
        return cell.item() if isinstance(cell, np.generic) else cell

    def store(self, array: Any, missing: Any) -> Any:
        """Return what `pack` made as `dtype`, with the nulls put in.

        Args:
            array: a numpy array, (values,).
            missing: where null is, (values,); None where it is nowhere.
        """
        if self.dtype == OBJECT:
            cells = array.astype(OBJECT)
            if missing is not None:
                cells[missing] = None
            return cells
        if isinstance(self.dtype, np.dtype):
            array = array.astype(self.dtype, copy=False)
            if missing is not None:
                array[missing] = np.nan
            return array
        if isinstance(self.dtype, pd.StringDtype):
            cells = array.astype(OBJECT)
            cells[slice(0) if missing is None else missing] = pd.NA
            return pd.array(cells, dtype=self.dtype)
        # pandas' masked types: Int64, Float32, boolean, ...
        mask = np.zeros(len(array), dtype=bool) if missing is None else missing
        return self.dtype.construct_array_type()(array.astype(self.dtype.numpy_dtype), mask)


def numpy_type(dtype: Any, default: type) -> np.dtype[Any]:
    """Return the numpy type behind a column's, `default` for a column of Python objects."""
    plain: np.dtype[Any] = dtype if isinstance(dtype, np.dtype) else dtype.numpy_dtype
    return np.dtype(default) if plain == OBJECT else plain


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


def objects(values: Sequence[Any]) -> Any:
    """Return the values as an array of Python objects, one each, whatever they are."""
    array = np.empty(len(values), dtype=OBJECT)
    array[:] = values
    return array
