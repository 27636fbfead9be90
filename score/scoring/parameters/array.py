"""Arrays: inference-schema's numpy type, with the input checked before it is converted."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import chain
from typing import Any

import numpy as np
from inference_schema.parameter_types.numpy_parameter_type import NumpyParameterType

from scoring.columns.base import Refused
from scoring.columns.from_sample import dtype_kind
from scoring.columns.rows import Records
from scoring.parameters.base import CheckedType
from scoring.problems import Problems, describe
from scoring.settings import Settings

#: How many items of the sample the Swagger's example has.
EXAMPLE_ITEMS = 3


class Array(CheckedType, NumpyParameterType):
    """An array like the sample: the same type and rank, and the same length in every dimension
    but the first, which is free.

    Args:
        sample: at least one dimension. A structured type (`[("x", float), ("n", int)]`) is sent
            as objects with those keys; each field is a scalar. Strings and bytes have any length:
            a fixed width is widened where what arrives is longer.
        allow_nan: accept the literals NaN, Infinity and -Infinity where a number is expected.
        settings: limits of its own; the service's when not given.

    Raises:
        TypeError: the sample's type cannot be sent as JSON, or it has no dimension.
    """  # noqa: D205 - one sentence over two lines

    def __init__(
        self,
        sample: np.ndarray[Any, Any],
        *,
        allow_nan: bool = False,
        settings: Settings | None = None,
    ) -> None:
        NumpyParameterType.__init__(self, sample)
        self.set_up(settings)
        if not sample.ndim:
            raise TypeError("the sample of an Array needs at least one dimension")
        self.inner = sample.shape[1:]
        self.fields: Records | None = None
        dtype = sample.dtype
        if dtype.names:
            kinds = {
                name: dtype_kind(dtype[name], f"field {name!r}", allow_nan) for name in dtype.names
            }
            for name in dtype.names:
                _refuse_missing(sample[name], f"field {name!r}", allow_nan)
            self.fields = Records(kinds)
        else:
            self.kind = dtype_kind(dtype, "the sample", allow_nan)
            _refuse_missing(sample, "the sample", allow_nan)

    def check(self, value: Any, where: str, problems: Problems) -> Any:
        """Return the array, of the sample's type and inner shape."""
        rows = len(value) if isinstance(value, list) else 0
        fields = len(self.fields.kinds) if self.fields else 1
        self.limit(where, rows, rows * math.prod(self.inner) * fields)
        try:
            return self._read(value)
        except Refused:
            before = problems.total
            self._explain(value, 0, where, where, problems)
            self.never_silent(before, value, where, problems)
        return None

    def _read(self, value: Any) -> Any:
        """Return the array, level by level, all items of a level at once."""
        if type(value) is not list:
            raise Refused
        flat = value
        for length in self.inner:
            if not set(map(type, flat)) <= {list} or not set(map(len, flat)) <= {length}:
                raise Refused
            flat = list(chain.from_iterable(flat))
        shape = (len(value), *self.inner)
        if self.fields is None:
            return self.kind.convert(flat).reshape(shape)
        cells = self.fields.read(flat)
        width = len(self.fields.kinds)
        columns = {
            name: kind.convert(cells[i::width])
            for i, (name, kind) in enumerate(self.fields.kinds.items())
        }
        array = np.empty(len(flat), dtype=_widened(self.sample_input.dtype, columns))
        for name, column in columns.items():
            array[name] = column
        return array.reshape(shape)

    def _explain(self, value: Any, depth: int, part: str, where: str, problems: Problems) -> None:
        if depth > len(self.inner):
            if self.fields is not None:
                self.fields.explain(value, part, where, problems)
            elif not self.kind.accepts(value):
                self.kind.explain(value, part, where, problems)
            return
        length = self.inner[depth - 1] if depth else None
        if type(value) is not list or (length is not None and len(value) != length):
            problems.add(part, where, self._expected(depth), describe(value))
            return
        for index, item in enumerate(value):
            self._explain(item, depth + 1, part, f"{where}[{index}]", problems)

    def _expected(self, depth: int) -> str:
        """Return in words what is expected at a depth: `an array of 3 arrays of 2`."""
        lengths = [str(length) for length in self.inner[max(depth - 1, 0) :]]
        words = " arrays of ".join(lengths)
        if depth:
            return f"an array of {words}"
        # The length of the outermost is free.
        return f"an array of arrays of {words}" if words else "an array"

    def input_to_swagger(self) -> dict[str, Any]:
        """Return the Swagger schema with an example that the service accepts."""
        schema = self.fields.schema() if self.fields is not None else self.kind.swagger()
        for length in reversed(self.inner):
            schema = {"type": "array", "items": schema, "minItems": length, "maxItems": length}
        example = [self._example(item) for item in self.sample_input[:EXAMPLE_ITEMS]]
        return {"type": "array", "items": schema, "format": "numpy.ndarray", "example": example}

    def _example(self, item: Any) -> Any:
        if isinstance(item, np.ndarray):
            return [self._example(inner) for inner in item]
        if self.fields is None:
            return self.kind.example(item)
        return {name: kind.example(item[name]) for name, kind in self.fields.kinds.items()}


def _refuse_missing(sample: np.ndarray[Any, Any], where: str, allow_nan: bool) -> None:
    """Refuse a sample with what numpy has for null: an array has no columns that may be null."""
    floats, instants = sample.dtype.kind == "f" and not allow_nan, sample.dtype.kind in "mM"
    if (floats and not np.isfinite(sample).all()) or (instants and np.isnat(sample).any()):
        raise TypeError(
            f"{where} holds NaN, an infinity or NaT, which an array does not accept: give it "
            "values that clients may send" + (", or say allow_nan=True" if floats else "")
        )


def _widened(dtype: np.dtype[Any], columns: Mapping[str, Any]) -> np.dtype[Any]:
    """Return the sample's structured type, its strings and bytes as wide as what arrived."""
    fields = {
        name: np.promote_types(dtype[name], column.dtype)
        if column.dtype.kind in "US"
        else dtype[name]
        for name, column in columns.items()
    }
    if all(fields[name] == dtype[name] for name in fields):
        return dtype
    return np.dtype(list(fields.items()), align=dtype.isalignedstruct)
