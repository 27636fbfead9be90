"""The tree behind a nested value: one class per kind of node, each with all that it can do.

A node reads a value and says what is wrong with it, and writes its own schema and example.
`scoring.parameters.nested.node_of` makes the tree from a sample.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from scoring.columns.base import Kind, Refused, first_value
from scoring.parameters.base import CheckedType
from scoring.problems import Problems, check_keys, describe, key_path
from scoring.schemas import object_schema
from scoring.settings import Settings

#: Everything that is ours is valid in all versions of Swagger.
ALL_VERSIONS = frozenset({"2.0", "3.0", "3.1"})


class Reading:
    """One pass over a value: what is wrong with it, how large it is.

    Args:
        owner: has the limits.
        where: path of the whole value.
        problems: added to.
    """

    def __init__(self, owner: CheckedType, where: str, problems: Problems) -> None:
        self.problems = problems
        self._owner = owner
        self._where = where
        self._rows = 0
        self._cells = 0

    def grow(self, rows: int, cells: int) -> None:
        """Count what a list holds.

        Raises:
            TooLarge: all lists together hold more than a limit.
        """
        self._rows += rows
        self._cells += cells
        self._owner.limit(self._where, self._rows, self._cells)


class Node(ABC):
    """Base of all nodes."""

    #: Cells in one item of a list of these, without the lists in it.
    cells = 0

    @property
    @abstractmethod
    def expected(self) -> str:
        """What an error says was expected."""

    @abstractmethod
    def read(self, value: Any, part: str, where: str, reading: Reading) -> Any:
        """Return the value converted; nothing that can be used where it is wrong.

        Args:
            value: as parsed from JSON.
            part: what its faults are counted under, as in `Problems.add`.
            where: its path.
            reading: the pass over the whole value.

        Raises:
            TooLarge: all lists together hold more than a limit.
        """

    @abstractmethod
    def schema(self) -> dict[str, Any]:
        """Return the Swagger schema, without an example."""

    @abstractmethod
    def example(self) -> Any:
        """Return a value that is accepted, as JSON."""

    def inner(self) -> Sequence[Node]:
        """Return the nodes inside."""
        return ()

    def versions(self) -> frozenset[str]:
        """Return the versions of Swagger that everything inside supports."""
        return ALL_VERSIONS.intersection(*(node.versions() for node in self.inner()))

    def use(self, settings: Settings) -> None:
        """Hand the limits of the service to everything inside."""
        for node in self.inner():
            node.use(settings)


@dataclass(frozen=True)
class Leaf(Node):
    """Another parameter type, such as a table."""

    type: CheckedType

    @property
    def expected(self) -> str:
        return self.type.expected

    def read(self, value: Any, part: str, where: str, reading: Reading) -> Any:  # noqa: ARG002
        return self.type.check(value, where, reading.problems)

    def schema(self) -> dict[str, Any]:
        schema = self.type.input_to_swagger()
        return {key: value for key, value in schema.items() if key != "example"}

    def example(self) -> Any:
        return self.type.input_to_swagger()["example"]

    def versions(self) -> frozenset[str]:
        return frozenset(self.type.supported_versions())

    def use(self, settings: Settings) -> None:
        self.type.use(settings)


@dataclass(frozen=True)
class Scalar(Node):
    """A value of one kind, and what it was in the sample."""

    kind: Kind
    sample: Any

    cells = 1

    @property
    def expected(self) -> str:
        return self.kind.expected

    def read(self, value: Any, part: str, where: str, reading: Reading) -> Any:
        if self.kind.accepts(value):
            return self.kind.scalar(value)
        self.kind.explain(value, part, where, reading.problems)
        return None

    def schema(self) -> dict[str, Any]:
        return self.kind.swagger()

    def example(self) -> Any:
        return self.kind.example(self.sample)


@dataclass(frozen=True)
class Object(Node):
    """A dictionary with these keys."""

    nodes: Mapping[str, Node]
    optional: Sequence[str]

    @property
    def expected(self) -> str:
        return f"an object with {', '.join(self.nodes)}"

    @cached_property
    def cells(self) -> int:  # type: ignore[override]
        return sum(node.cells for node in self.nodes.values())

    @cached_property
    def _expected(self) -> dict[str, str]:
        """What an error says of each key that is missing."""
        return {key: node.expected for key, node in self.nodes.items()}

    def read(self, value: Any, part: str, where: str, reading: Reading) -> Any:  # noqa: ARG002
        problems = reading.problems
        if type(value) is not dict:
            problems.add(where, where, self.expected, describe(value))
            return None
        if value.keys() != self.nodes.keys():
            required = [key for key in self.nodes if key not in self.optional]
            check_keys(value, required, self._expected, where, where, problems)
        return {
            key: node.read(value[key], where, key_path(where, key), reading)
            for key, node in self.nodes.items()
            if key in value
        }

    def schema(self) -> dict[str, Any]:
        return object_schema({k: node.schema() for k, node in self.nodes.items()}, self.optional)

    def example(self) -> Any:
        return {key: node.example() for key, node in self.nodes.items()}

    def inner(self) -> Sequence[Node]:
        return tuple(self.nodes.values())


@dataclass(frozen=True)
class Scalars(Node):
    """A list of values of one kind, and what was in the sample."""

    kind: Kind
    sample: Sequence[Any]

    expected = "an array"

    def read(self, value: Any, part: str, where: str, reading: Reading) -> Any:
        problems = reading.problems
        if type(value) is not list:
            problems.add(part, where, self.expected, describe(value))
            return None
        reading.grow(0, len(value))
        try:
            return self.kind.convert(value).tolist()
        except Refused:
            for index, item in enumerate(value):
                if not self.kind.accepts(item):
                    self.kind.explain(item, where, f"{where}[{index}]", problems)
        return None

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": self.kind.swagger()}

    def example(self) -> Any:
        return [first_value(self.kind, [item]) for item in self.sample]


@dataclass(frozen=True)
class Items(Node):
    """A list of dictionaries, lists or tables, one node for each in the sample."""

    nodes: Sequence[Node]

    expected = "an array"

    def read(self, value: Any, part: str, where: str, reading: Reading) -> Any:
        if type(value) is not list:
            reading.problems.add(part, where, self.expected, describe(value))
            return None
        item = self.nodes[0]
        reading.grow(len(value), len(value) * item.cells)
        return [item.read(one, where, f"{where}[{i}]", reading) for i, one in enumerate(value)]

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": self.nodes[0].schema()}

    def example(self) -> Any:
        return [node.example() for node in self.nodes]

    def inner(self) -> Sequence[Node]:
        return self.nodes
