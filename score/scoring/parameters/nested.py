"""Nested values: inference-schema's standard Python type, checked at every level."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from inference_schema.parameter_types.abstract_parameter_type import AbstractParameterType
from inference_schema.parameter_types.numpy_parameter_type import NumpyParameterType
from inference_schema.parameter_types.pandas_parameter_type import PandasParameterType
from inference_schema.parameter_types.standard_py_parameter_type import StandardPythonParameterType

from scoring.columns.base import Kind, Refused, first_value
from scoring.columns.from_sample import values_kind
from scoring.parameters.array import Array
from scoring.parameters.base import CheckedType
from scoring.parameters.table import Table
from scoring.parameters.third_party import Foreign
from scoring.problems import Problems, check_keys, describe, key_path
from scoring.schemas import object_schema
from scoring.settings import Settings


class Nested(CheckedType, StandardPythonParameterType):
    """A dictionary, list or scalar of Python's own types, with other parameter types inside.

    Every key of a sample dictionary must be there and no other; a list has any length and
    items like the sample's; a scalar has the sample's type (`scoring.columns`). For the limits, an
    item of a list of objects or lists is a row, an item of a list of scalars is a cell, and all
    lists count together.

        Nested({"data": Table(SAMPLE)})
        Nested({"method": "predict", "limits": [0.5, 1.0]}, optional=["limits"])

    Args:
        sample: the value, with parameter types wherever a table or an array is.
        optional: keys of the outermost dictionary that may be left out; the result lacks them
            then. For inner dictionaries use a `Nested` inside.
        allow_nan: accept the literals NaN, Infinity and -Infinity where a number is expected.
        settings: the limits; from this process's environment when not given.

    Raises:
        TypeError: the sample does not say what it holds.
        ValueError: an optional key is not in the sample.
    """

    def __init__(
        self,
        sample: Any,
        *,
        optional: Sequence[str] = (),
        allow_nan: bool = False,
        settings: Settings | None = None,
    ) -> None:
        StandardPythonParameterType.__init__(self, sample)
        self.set_up(settings)
        for key in optional:
            if not isinstance(sample, dict) or key not in sample:
                raise ValueError(f"optional={key!r}: the sample has no such key")
        self.node = _node(sample, "the sample", allow_nan, optional)

    def check(self, value: Any, where: str, problems: Problems) -> Any:
        """Return the value with every scalar, table and array in it converted."""
        return _Reading(self, where, problems).read(self.node, value, where, where)

    def input_to_swagger(self) -> dict[str, Any]:
        """Return the Swagger schema with an example that the service accepts."""
        return {**_schema(self.node), "example": _example(self.node)}

    def supported_versions(self) -> list[str]:
        """Return the Swagger versions that everything inside supports."""
        return sorted(_versions(self.node, set(super().supported_versions())))


def as_checked(given: AbstractParameterType) -> CheckedType:
    """Return a parameter type that checks before it converts.

    inference-schema's own plain types become ours with the same sample. A subclass is somebody
    else's, and whoever said `enforce_shape=False` or the like does not want the checks: these
    convert by themselves (`scoring.parameters.third_party`).

    Raises:
        TypeError: the sample does not say what it holds, such as an empty dictionary.
        ValueError: the sample table cannot be sent in its orient.
    """
    if isinstance(given, CheckedType):
        return given
    sample = given.sample_input
    if type(given) is StandardPythonParameterType:
        return Nested(sample)
    if type(given) is NumpyParameterType and given.enforce_shape and given.enforce_column_type:
        return Array(sample)
    if (
        type(given) is PandasParameterType
        and given.enforce_shape
        and given.enforce_column_type
        and not given.apply_column_names
    ):
        return Table(sample, orient=given.orient)
    return Foreign(given)


@dataclass(frozen=True)
class _Scalar:
    """A value of one kind, and what it was in the sample."""

    kind: Kind
    sample: Any


@dataclass(frozen=True)
class _Object:
    """A dictionary with these keys."""

    nodes: Mapping[str, Any]
    optional: Sequence[str]

    @cached_property
    def expected(self) -> dict[str, str]:
        """What an error says of each key that is missing."""
        return {key: _expected(inner) for key, inner in self.nodes.items()}


@dataclass(frozen=True)
class _Scalars:
    """A list of values of one kind, and what was in the sample."""

    kind: Kind
    sample: Sequence[Any]


@dataclass(frozen=True)
class _Items:
    """A list of dictionaries, lists or tables, one node for each in the sample."""

    nodes: Sequence[Any]


def _node(sample: Any, where: str, allow_nan: bool, optional: Sequence[str] = ()) -> Any:
    """Return the tree that checks values like the sample."""
    if type(sample) is StandardPythonParameterType:
        return _node(sample.sample_input, where, allow_nan)
    if isinstance(sample, AbstractParameterType):
        inner = as_checked(sample)
        return inner.node if isinstance(inner, Nested) else inner
    if isinstance(sample, dict):
        if not sample or not all(isinstance(key, str) for key in sample):
            raise TypeError(f"{where} needs keys, and they have to be strings")
        nodes = {key: _node(value, f"{where}[{key!r}]", allow_nan) for key, value in sample.items()}
        return _Object(nodes, tuple(optional))
    if not isinstance(sample, list | tuple):
        return _Scalar(values_kind([sample], where, allow_nan=allow_nan), sample)
    if any(isinstance(item, dict | list | tuple | AbstractParameterType) for item in sample):
        items = [_node(item, f"{where}[{i}]", allow_nan) for i, item in enumerate(sample)]
        if any(_schema(item) != _schema(items[0]) for item in items):
            raise TypeError(f"{where} holds items of different shapes: give it items of one")
        return _Items(tuple(items))
    return _Scalars(values_kind(sample, where, allow_nan=allow_nan), tuple(sample))


class _Reading:
    """One pass over a value: what it stands for, what is wrong with it, how large it is.

    Args:
        owner: has the limits.
        where: path of the whole value.
        problems: added to.
    """

    def __init__(self, owner: CheckedType, where: str, problems: Problems) -> None:
        self._owner = owner
        self._where = where
        self._problems = problems
        self._rows = 0
        self._cells = 0

    def read(self, node: Any, value: Any, part: str, where: str) -> Any:
        """Return the value converted; nothing that can be used where it is wrong.

        Raises:
            TooLarge: all lists together hold more than a limit.
        """
        if isinstance(node, CheckedType):
            return node.check(value, where, self._problems)
        if isinstance(node, _Scalar):
            if node.kind.accepts(value):
                return node.kind.scalar(value)
            node.kind.explain(value, part, where, self._problems)
            return None
        if isinstance(node, _Object):
            return self._object(node, value, where)
        if type(value) is not list:
            self._problems.add(part, where, "an array", describe(value))
            return None
        if isinstance(node, _Scalars):
            self._grow(0, len(value))
            return self._scalars(node.kind, value, where)
        inner = node.nodes[0]
        self._grow(len(value), len(value) * _scalars_in(inner))
        return [self.read(inner, item, where, f"{where}[{i}]") for i, item in enumerate(value)]

    def _grow(self, rows: int, cells: int) -> None:
        self._rows += rows
        self._cells += cells
        self._owner.limit(self._where, self._rows, self._cells)

    def _object(self, node: _Object, value: Any, where: str) -> Any:
        if type(value) is not dict:
            self._problems.add(where, where, _expected(node), describe(value))
            return None
        if value.keys() != node.nodes.keys():
            required = [key for key in node.nodes if key not in node.optional]
            check_keys(value, required, node.expected, where, where, self._problems)
        return {
            key: self.read(inner, value[key], where, key_path(where, key))
            for key, inner in node.nodes.items()
            if key in value
        }

    def _scalars(self, kind: Kind, values: list[Any], where: str) -> Any:
        try:
            return kind.convert(values).tolist()
        except Refused:
            for index, value in enumerate(values):
                if not kind.accepts(value):
                    kind.explain(value, where, f"{where}[{index}]", self._problems)
        return None


def _expected(node: Any) -> str:
    if isinstance(node, CheckedType):
        return node.expected
    if isinstance(node, _Scalar):
        return node.kind.expected
    if isinstance(node, _Object):
        return f"an object with {', '.join(node.nodes)}"
    return "an array"


def _scalars_in(node: Any) -> int:
    """Return how many cells one item of a list is, without the lists in it."""
    if isinstance(node, _Object):
        return sum(map(_scalars_in, node.nodes.values()))
    return int(isinstance(node, _Scalar))


def _schema(node: Any) -> dict[str, Any]:
    if isinstance(node, CheckedType):
        schema: dict[str, Any] = node.input_to_swagger()
        return {key: value for key, value in schema.items() if key != "example"}
    if isinstance(node, _Scalar):
        return node.kind.swagger()
    if isinstance(node, _Scalars):
        return {"type": "array", "items": node.kind.swagger()}
    if isinstance(node, _Items):
        return {"type": "array", "items": _schema(node.nodes[0])}
    properties = {key: _schema(inner) for key, inner in node.nodes.items()}
    return object_schema(properties, node.optional)


def _versions(node: Any, versions: set[str]) -> set[str]:
    if isinstance(node, CheckedType):
        return versions & set(node.supported_versions())
    inner = (
        node.nodes.values()
        if isinstance(node, _Object)
        else node.nodes
        if isinstance(node, _Items)
        else ()
    )
    return versions.intersection(*(_versions(each, versions) for each in inner))


def _example(node: Any) -> Any:
    if isinstance(node, CheckedType):
        return node.input_to_swagger()["example"]
    if isinstance(node, _Scalar):
        return node.kind.example(node.sample)
    if isinstance(node, _Scalars):
        return [first_value(node.kind, [item]) for item in node.sample]
    if isinstance(node, _Items):
        return [_example(inner) for inner in node.nodes]
    return {key: _example(inner) for key, inner in node.nodes.items()}
