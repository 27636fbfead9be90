"""Tables: inference-schema's pandas type, with the input checked before it is converted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from inference_schema.parameter_types.pandas_parameter_type import PandasParameterType

from scoring.columns.base import OBJECT, Kind, Refused, first_value, is_null
from scoring.columns.datetimes import DateTime, Duration
from scoring.columns.from_sample import column_kind
from scoring.columns.numbers import Integer, Number
from scoring.columns.strings import String
from scoring.parameters.base import CheckedType
from scoring.parameters.orients import ORIENTS, Cells
from scoring.problems import Problems
from scoring.settings import Settings

#: How many rows of the sample the Swagger's example has.
EXAMPLE_ROWS = 3


class Table(CheckedType, PandasParameterType):
    """A table, described by a sample; the frame that `run()` gets has its columns and types.

    Every column of the sample must be there and no other, in any order; every value must be of
    its column's kind (`scoring.columns`). A column may be null where its type has a null of its
    own or the sample holds one. Values arrive bit for bit: nothing goes through
    `pandas.read_json`, which loses the last digits of a float.

    Args:
        sample: at least one row; its types and values say what each column holds.
        orient: the JSON shape, see `scoring.parameters.orients`.
        optional: columns that a record may leave out; they are null then, so they must be
            nullable.
        allow_nan: accept the literals NaN, Infinity and -Infinity where a number is expected.
        settings: limits of its own; the service's when not given.

    Raises:
        TypeError: the sample does not say what a column holds.
        ValueError: an argument cannot be used.
    """

    def __init__(
        self,
        sample: pd.DataFrame,
        *,
        orient: str = "records",
        optional: Sequence[str] = (),
        allow_nan: bool = False,
        settings: Settings | None = None,
    ) -> None:
        if orient not in ORIENTS:
            raise ValueError(f"orient={orient!r}: expected one of {', '.join(ORIENTS)}")
        PandasParameterType.__init__(self, sample, orient=orient)
        self.set_up(settings)
        self.kinds = _column_kinds(sample, allow_nan)
        if optional and orient not in ("records", "index", "table"):
            raise ValueError(f"orient={orient!r} has no optional columns: it has no keys per row")
        check_optional(self.kinds, optional)
        integers = pd.api.types.is_integer_dtype(sample.index.dtype)
        self.shape = ORIENTS[orient](
            self.kinds,
            label=Integer(np.dtype(np.int64)) if integers else String(),
            label_name=_label_name(sample, orient),
            optional=tuple(optional),
        )
        different = set(self.kinds.values())
        # Most tables hold numbers of one type: they are converted in one go.
        self._only_kind = different.pop() if len(different) == 1 else None

    def check(self, value: Any, where: str, problems: Problems) -> Any:
        """Return the table as a frame with the sample's columns and types, in its order."""
        rows = self.shape.count(value)
        self.limit(where, rows, rows * len(self.kinds))
        try:
            return self._frame(self.shape.read(value))
        except Refused:
            before = problems.total
            self.shape.explain(value, where, problems)
            self.never_silent(before, value, where, problems)
        return None

    def _frame(self, cells: Cells) -> pd.DataFrame:
        names = self.sample_input.columns
        width = len(names)
        index = None if cells.labels is None else pd.Index(cells.labels)
        shape = (width, cells.rows) if cells.by_column else (cells.rows, width)
        if self._only_kind is not None and isinstance(self._only_kind.dtype, np.dtype):
            block = self._only_kind.convert(cells.flat).reshape(shape)
            # Column by column in memory, as pandas itself lays out a frame: a sum over a row in
            # another order of memory may differ in its last bit.
            block = block.T if cells.by_column else np.asfortranarray(block)
            dtype = OBJECT if block.dtype == OBJECT else None
            return pd.DataFrame(block, columns=names, index=index, dtype=dtype, copy=False)
        # An index that is given spares pandas the search for one in the columns.
        rows = pd.RangeIndex(cells.rows) if index is None else index
        columns = {
            i: kind.convert(
                cells.flat[i * cells.rows : (i + 1) * cells.rows]
                if cells.by_column
                else cells.flat[i::width]
            )
            for i, kind in enumerate(self.kinds.values())
        }
        for i, kind in enumerate(self.kinds.values()):
            if isinstance(kind, DateTime | Duration) and kind.dtype == OBJECT:
                # Left to itself, pandas makes datetime64 of `datetime` objects when all fit 64 bits
                # of nanoseconds, so the column's type would hang on its values.
                columns[i] = pd.Series(columns[i], index=rows, dtype=OBJECT, copy=False)
        frame = pd.DataFrame(columns, index=rows, copy=False)
        frame.columns = names
        return frame

    def input_to_swagger(self) -> dict[str, Any]:
        """Return the Swagger schema with an example that the service accepts."""
        return {
            **self.shape.schema(),
            "format": f"pandas.DataFrame:{self.orient}",
            "example": self.shape.example(self._example_rows()),
        }

    def _example_rows(self) -> list[dict[str, Any]]:
        """Return rows of the sample without null, or one row made of what is not null.

        Null has no place in an example: Swagger has no word for it that is valid in every
        version, and a typed client would choke on it.
        """
        columns = [column.tolist() for _, column in self.sample_input.items()]
        rows = zip(*columns, strict=True)
        complete = [row for row in rows if not any(is_null(value) for value in row)][:EXAMPLE_ROWS]
        kinds = self.kinds.items()
        if complete:
            return [
                {name: kind.example(value) for (name, kind), value in zip(kinds, row, strict=True)}
                for row in complete
            ]
        return [
            {
                name: first_value(kind, values)
                for (name, kind), values in zip(kinds, columns, strict=True)
            }
        ]


def _label_name(sample: pd.DataFrame, orient: str) -> str:
    """Return the key that `DataFrame.to_json(orient="table")` gives the row labels.

    Raises:
        ValueError: it is a column's too, which pandas refuses to write as well.
    """
    columns = {str(name) for name in sample.columns}
    if sample.index.name is not None:
        name = str(sample.index.name)
    else:
        name = "index" if "index" not in columns else "level_0"
    if orient == "table" and name in columns:
        raise ValueError(
            f"orient='table': the row labels and a column of the sample are both called {name!r}; "
            "rename one of them"
        )
    return name


def _column_kinds(sample: pd.DataFrame, allow_nan: bool) -> dict[str, Kind]:
    if not len(sample.columns) or not len(sample):
        raise TypeError("the sample of a Table needs at least one column and one row")
    names = [str(name) for name in sample.columns]
    if len(set(names)) < len(names):
        raise TypeError("two columns of the sample have the same name in JSON")
    numbers = _number_kinds(sample, allow_nan)
    return {
        name: numbers.get(i)
        or column_kind(sample.iloc[:, i], f"column {name!r}", allow_nan=allow_nan)
        for i, name in enumerate(names)
    }


def _number_kinds(sample: pd.DataFrame, allow_nan: bool) -> dict[int, Kind]:
    """Return the kinds of the columns of 64-bit floats, by their place.

    All are looked at in one go: of ten thousand columns, each on its own would take seconds. A
    column that holds an infinity is left out, for `column_kind` to name.
    """
    places = np.flatnonzero([kind == np.float64 for kind in sample.dtypes])
    block = sample.iloc[:, places].to_numpy()
    missing, infinite = np.isnan(block).any(axis=0), np.isinf(block).any(axis=0)
    dtype = np.dtype(np.float64)
    kinds = [Number(dtype, nullable, allow_nan=allow_nan) for nullable in (False, True)]
    return {
        int(place): kinds[int(missing[i])]
        for i, place in enumerate(places)
        if allow_nan or not infinite[i]
    }


def check_optional(kinds: dict[str, Kind], optional: Sequence[str]) -> None:
    """Refuse optional columns that are none, or that cannot be null.

    Raises:
        ValueError: naming the column.
    """
    for name in optional:
        if name not in kinds:
            raise ValueError(f"optional={name!r}: the sample has {', '.join(kinds)}")
        if not kinds[name].nullable:
            raise ValueError(
                f"optional={name!r}: what is left out is null, and the sample has none there"
            )
