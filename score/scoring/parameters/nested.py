"""Nested values: inference-schema's standard Python type, checked at every level."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from inference_schema.parameter_types.abstract_parameter_type import AbstractParameterType
from inference_schema.parameter_types.numpy_parameter_type import NumpyParameterType
from inference_schema.parameter_types.pandas_parameter_type import PandasParameterType
from inference_schema.parameter_types.standard_py_parameter_type import StandardPythonParameterType

from scoring.columns.from_sample import values_kind
from scoring.parameters.array import Array
from scoring.parameters.base import CheckedType
from scoring.parameters.nodes import Items, Leaf, Node, Object, Reading, Scalar, Scalars
from scoring.parameters.table import Table
from scoring.parameters.third_party import ThirdParty
from scoring.problems import Problems
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
        settings: limits of its own; the service's when not given.

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
        self.node = node_of(sample, "the sample", allow_nan, optional)

    def use(self, settings: Settings) -> None:
        """Take the limits of the service, for everything inside as well."""
        super().use(settings)
        self.node.use(settings)

    def check(self, value: Any, where: str, problems: Problems) -> Any:
        """Return the value with every scalar, table and array in it converted."""
        return self.node.read(value, where, where, Reading(self, where, problems))

    def input_to_swagger(self) -> dict[str, Any]:
        """Return the Swagger schema with an example that the service accepts."""
        return {**self.node.schema(), "example": self.node.example()}

    def supported_versions(self) -> list[str]:
        """Return the Swagger versions that everything inside supports."""
        return sorted(set(super().supported_versions()) & self.node.versions())


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
    return ThirdParty(given)


def node_of(sample: Any, where: str, allow_nan: bool, optional: Sequence[str] = ()) -> Node:
    """Return the tree that checks values like the sample.

    Raises:
        TypeError: the sample does not say what it holds.
    """
    if type(sample) is StandardPythonParameterType:
        return node_of(sample.sample_input, where, allow_nan)
    if isinstance(sample, AbstractParameterType):
        inner = as_checked(sample)
        return inner.node if isinstance(inner, Nested) else Leaf(inner)
    if isinstance(sample, dict):
        if not sample or not all(isinstance(key, str) for key in sample):
            raise TypeError(f"{where} needs keys, and they have to be strings")
        nodes = {
            key: node_of(value, f"{where}[{key!r}]", allow_nan) for key, value in sample.items()
        }
        return Object(nodes, tuple(optional))
    if not isinstance(sample, list | tuple):
        return Scalar(values_kind([sample], where, allow_nan=allow_nan), sample)
    if any(isinstance(item, dict | list | tuple | AbstractParameterType) for item in sample):
        items = [node_of(item, f"{where}[{i}]", allow_nan) for i, item in enumerate(sample)]
        if any(item.schema() != items[0].schema() for item in items):
            raise TypeError(f"{where} holds items of different shapes: give it items of one")
        return Items(tuple(items))
    return Scalars(values_kind(sample, where, allow_nan=allow_nan), tuple(sample))
