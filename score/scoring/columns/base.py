"""What every kind of value has: how a column is converted, a value judged, a schema written.

A kind converts whole columns at once (`convert`), tells of one value whether it fits
(`accepts`), and describes itself to Swagger (`swagger`). Both ways agree: `convert` refuses a
column exactly when `accepts` refuses one of its values.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from scoring.problems import Problems, describe
from scoring.schemas import NULLABLE

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


def objects(values: Sequence[Any]) -> Any:
    """Return the values as an array of Python objects, one each, whatever they are."""
    array = np.empty(len(values), dtype=OBJECT)
    array[:] = values
    return array


def is_null(value: object) -> bool:
    """Tell whether a value of a sample stands for null."""
    return value is None or value is pd.NaT or value is pd.NA or value != value


def first_value(kind: Kind, values: Iterable[Any]) -> Any:
    """Return the JSON of the first value that is not null; of the kind's filler if all are."""
    for value in values:
        if not is_null(value):
            return kind.example(value)
    return kind.filler
