"""Shapes that are objects keyed by row or by column: index, columns."""

from __future__ import annotations

from functools import partial
from itertools import chain
from typing import Any

from scoring.columns.base import Refused
from scoring.parameters.orients.base import Cells, Orient
from scoring.problems import Problems, check_keys, describe, key_path
from scoring.schemas import object_schema


class IndexOrient(Orient):
    """`{"0": {"a": 1, "b": 2}, ...}`."""

    def count(self, data: Any) -> int:
        return len(data) if isinstance(data, dict) else 0

    def read(self, data: Any) -> Cells:
        if type(data) is not dict:
            raise Refused
        labels = self._keys_to_labels(list(data))
        return Cells(self.records.read(list(data.values())), len(data), labels)

    def explain(self, data: Any, where: str, problems: Problems) -> None:
        if type(data) is not dict:
            problems.add(where, where, "an object with a key per row", describe(data))
            return
        records = self.records
        for key, row in data.items():
            if not self._is_label(key):
                self._explain_key(key, where, where, problems)
            records.explain(row, where, key_path(where, key), problems)

    def schema(self) -> dict[str, Any]:
        return {"type": "object", "additionalProperties": self.records.schema()}

    def example(self, rows: list[dict[str, Any]]) -> Any:
        return {str(index): row for index, row in enumerate(rows)}


class ColumnsOrient(Orient):
    """`{"a": {"0": 1, ...}, "b": {"0": 2, ...}}`."""

    def count(self, data: Any) -> int:
        columns = list(data.values()) if isinstance(data, dict) else []
        return max((len(column) for column in columns if isinstance(column, dict)), default=0)

    def read(self, data: Any) -> Cells:
        if type(data) is not dict or data.keys() != self.kinds.keys():
            raise Refused
        if set(map(type, data.values())) != {dict}:
            raise Refused
        keys = list(next(iter(data.values())))
        columns = [data[name] for name in self.kinds]
        if any(column.keys() != columns[0].keys() for column in columns):
            raise Refused
        flat = [column[key] for column in columns for key in keys]
        return Cells(flat, len(keys), self._keys_to_labels(keys), by_column=True)

    def explain(self, data: Any, where: str, problems: Problems) -> None:
        if type(data) is not dict:
            problems.add(where, where, "an object with a key per column", describe(data))
            return
        expected = dict.fromkeys(self.kinds, "an object with a key per row")
        check_keys(data, self.kinds.keys(), expected, where, where, problems)
        columns = {name: data[name] for name in self.kinds if name in data}
        # A row that any column has, all have to have; a key that is no label makes no row.
        keys = chain.from_iterable(c for c in columns.values() if isinstance(c, dict))
        labels = {key: self._is_label(key) for key in keys}
        named: set[str] = set()
        for name, column in columns.items():
            path = key_path(where, name)
            if type(column) is not dict:
                problems.add(where, path, expected[name], describe(column))
                continue
            kind = self.kinds[name]
            for key, value in column.items():
                if not labels[key] and key not in named:
                    named.add(key)
                    self._explain_key(key, where, path, problems)
                if not kind.accepts(value):
                    kind.explain(value, where, key_path(path, key), problems)
            absent = [key for key, good in labels.items() if good and key not in column]
            say = partial(self._say_absent, path, kind.expected)
            problems.add_each(where, absent, say)

    @staticmethod
    def _say_absent(path: str, expected: str, key: str) -> tuple[str, str, str]:
        return key_path(path, key), expected, "nothing"

    def schema(self) -> dict[str, Any]:
        properties = {
            name: {"type": "object", "additionalProperties": kind.swagger()}
            for name, kind in self.kinds.items()
        }
        return object_schema(properties)

    def example(self, rows: list[dict[str, Any]]) -> Any:
        return {name: {str(i): row[name] for i, row in enumerate(rows)} for name in self.kinds}
