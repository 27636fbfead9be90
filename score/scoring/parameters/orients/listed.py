"""Shapes with a list of rows: records, values, split, table."""

from __future__ import annotations

from itertools import chain
from typing import Any

from scoring.columns.base import Refused
from scoring.columns.rows import Positions, Records
from scoring.parameters.orients.base import Cells, Orient
from scoring.problems import (
    Problems,
    check_keys,
    describe,
    instead_of,
    key_path,
    not_of_this_name,
    shorten,
)
from scoring.schemas import object_schema


class RecordsOrient(Orient):
    """`[{"a": 1, "b": 2}, ...]`."""

    def count(self, data: Any) -> int:
        return len(data) if isinstance(data, list) else 0

    def read(self, data: Any) -> Cells:
        if type(data) is not list:
            raise Refused
        return Cells(self.records.read(data), len(data))

    def explain(self, data: Any, where: str, problems: Problems) -> None:
        if type(data) is not list:
            problems.add(where, where, "an array of objects, one per row", describe(data))
            return
        records = self.records
        for index, row in enumerate(data):
            records.explain(row, where, f"{where}[{index}]", problems)

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": self.records.schema()}

    def example(self, rows: list[dict[str, Any]]) -> Any:
        return rows


class ValuesOrient(Orient):
    """`[[1, 2], ...]`."""

    def count(self, data: Any) -> int:
        return len(data) if isinstance(data, list) else 0

    def read(self, data: Any) -> Cells:
        if type(data) is not list:
            raise Refused
        return Cells(Positions(self.kinds).read(data), len(data))

    def explain(self, data: Any, where: str, problems: Problems) -> None:
        if type(data) is not list:
            problems.add(where, where, "an array of arrays, one per row", describe(data))
            return
        positions = Positions(self.kinds)
        for index, row in enumerate(data):
            positions.explain(row, where, f"{where}[{index}]", problems)

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": Positions(self.kinds).schema()}

    def example(self, rows: list[dict[str, Any]]) -> Any:
        return [list(row.values()) for row in rows]


class SplitOrient(Orient):
    """`{"columns": ["a", "b"], "data": [[1, 2], ...], "index": [0, ...]}`."""

    #: Keys and what they hold, for errors.
    keys = {  # noqa: RUF012 - never changed
        "columns": "an array with the name of each column",
        "data": "an array of arrays, one per row",
        "index": "an array with one label per row",
    }

    def count(self, data: Any) -> int:
        rows = data.get("data") if isinstance(data, dict) else None
        return len(rows) if isinstance(rows, list) else 0

    def read(self, data: Any) -> Cells:
        if type(data) is not dict or not {"columns", "data"} <= data.keys() <= self.keys.keys():
            raise Refused
        names, rows, labels = data["columns"], data["data"], None
        if type(names) is not list or type(rows) is not list:
            raise Refused
        if not set(map(type, names)) <= {str} or sorted(names) != sorted(self.kinds):
            raise Refused
        if "index" in data:
            if type(data["index"]) is not list or len(data["index"]) != len(rows):
                raise Refused
            labels = self.label.convert(data["index"])
        flat = Positions(self.kinds).read(rows)
        if names != list(self.kinds):
            width = len(names)
            columns = [flat[names.index(name) :: width] for name in self.kinds]
            return Cells(list(chain.from_iterable(columns)), len(rows), labels, by_column=True)
        return Cells(flat, len(rows), labels)

    def explain(self, data: Any, where: str, problems: Problems) -> None:
        if type(data) is not dict:
            problems.add(where, where, "an object with columns and data", describe(data))
            return
        check_keys(data, ("columns", "data"), self.keys, where, where, problems)
        wrong = [key for key in self.keys if key in data and type(data[key]) is not list]
        for key in wrong:
            problems.add(where, key_path(where, key), self.keys[key], describe(data[key]))
        if wrong or not {"columns", "data"} <= data.keys():
            return
        names, rows = data["columns"], data["data"]
        if "index" in data:
            path = key_path(where, "index")
            if len(data["index"]) != len(rows):
                problems.add(where, path, f"an array of {len(rows)}", describe(data["index"]))
            self._explain_labels(data["index"], where, path, problems)
        before = problems.total
        self._explain_names(names, where, key_path(where, "columns"), problems)
        if problems.total > before:
            # Which cell belongs to which column is not known.
            return
        positions = Positions({name: self.kinds[name] for name in names})
        for index, row in enumerate(rows):
            positions.explain(row, where, f"{key_path(where, 'data')}[{index}]", problems)

    def _explain_names(self, names: list[Any], part: str, where: str, problems: Problems) -> None:
        """Add what is wrong with the list of column names at path `where`."""
        places: dict[str, int] = {}
        for index, name in enumerate(names):
            path = f"{where}[{index}]"
            if type(name) is not str:
                problems.add(part, path, "the name of a column", describe(name))
            elif name in places:
                problems.add(part, path, "each column once", f"{shorten(name)} again")
            else:
                places[name] = index
        absent = [name for name in self.kinds if name not in places]
        unknown = [name for name in places if name not in self.kinds]
        problems.add_each(
            part,
            absent,
            lambda name: (where, f"a column {shorten(name)}", instead_of(name, unknown)),
        )
        problems.add_each(
            part,
            unknown,
            lambda name: (
                f"{where}[{places[name]}]",
                not_of_this_name("column", name, absent),
                describe(name),
            ),
        )

    def schema(self) -> dict[str, Any]:
        width = len(self.kinds)
        names = {"type": "string", "enum": list(self.kinds)}
        columns = {"type": "array", "items": names, "minItems": width, "maxItems": width}
        properties = {
            "columns": {**columns, "uniqueItems": True},
            "data": {"type": "array", "items": Positions(self.kinds).schema()},
            "index": {"type": "array", "items": self.label.swagger()},
        }
        return object_schema(properties, optional=["index"])

    def example(self, rows: list[dict[str, Any]]) -> Any:
        return {"columns": list(self.kinds), "data": [list(row.values()) for row in rows]}


class TableOrient(Orient):
    """`{"data": [{"a": 1, "b": 2, "index": 0}, ...], "schema": {...}}`."""

    #: Keys and what they hold, for errors.
    keys = {  # noqa: RUF012 - never changed
        "data": "an array of objects, one per row",
        "schema": "an object",
    }

    @property
    def labelled(self) -> Records:
        """Rows with names and their label."""
        return Records({self.label_name: self.label, **self.kinds}, self.optional)

    def count(self, data: Any) -> int:
        rows = data.get("data") if isinstance(data, dict) else None
        return len(rows) if isinstance(rows, list) else 0

    def read(self, data: Any) -> Cells:
        if type(data) is not dict or not {"data"} <= data.keys() <= self.keys.keys():
            raise Refused
        rows = data["data"]
        if type(rows) is not list or type(data.get("schema", {})) is not dict:
            raise Refused
        if not self._has_labels(rows):
            return Cells(self.records.read(rows), len(rows))
        flat = self.labelled.read(rows)
        width = len(self.kinds) + 1
        columns = [flat[i::width] for i in range(width)]
        labels = self.label.convert(columns[0])
        return Cells(list(chain.from_iterable(columns[1:])), len(rows), labels, by_column=True)

    def _has_labels(self, rows: list[Any]) -> bool:
        # All rows or none: the first decides, the others are held to it.
        return bool(rows) and type(rows[0]) is dict and self.label_name in rows[0]

    def explain(self, data: Any, where: str, problems: Problems) -> None:
        if type(data) is not dict:
            problems.add(where, where, "an object with data", describe(data))
            return
        check_keys(data, ("data",), self.keys, where, where, problems)
        if type(data.get("schema", {})) is not dict:
            path = key_path(where, "schema")
            problems.add(where, path, self.keys["schema"], describe(data["schema"]))
        if "data" not in data:
            return
        path = key_path(where, "data")
        if type(data["data"]) is not list:
            problems.add(where, path, self.keys["data"], describe(data["data"]))
            return
        records = self.labelled if self._has_labels(data["data"]) else self.records
        for index, row in enumerate(data["data"]):
            records.explain(row, where, f"{path}[{index}]", problems)

    def schema(self) -> dict[str, Any]:
        row = self.records.schema()
        row["properties"] = {self.label_name: self.label.swagger(), **row["properties"]}
        # Whatever pandas writes there, and not looked at.
        properties: dict[str, Any] = {"fields": {}, "primaryKey": {}, "pandas_version": {}}
        table = {
            "data": {"type": "array", "items": row},
            "schema": {"type": "object", "properties": properties},
        }
        return object_schema(table, optional=["schema"])

    def example(self, rows: list[dict[str, Any]]) -> Any:
        return {"data": rows}
