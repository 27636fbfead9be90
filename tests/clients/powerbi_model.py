"""What ScoreTable.pq does over HTTP, in Python; no Power Query runs here.

The names and numbers of the requests are taken from the file itself, so that the model cannot
say anything else than the function. What Power Query does on its own (credentials, privacy
levels, its retries of 429, 503 and 504) is not part of the model.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import requests


class ScoreTable:
    """The function, with the report's two parameters filled in."""

    def __init__(self, source: Path, service_root: str, service_key: str = "") -> None:
        self._text = source.read_text()
        self._root, self._key = service_root, service_key
        self.statuses = set(map(int, self._find(r"ManualStatusHandling = \{(.*?)\}").split(",")))
        self.batch_rows = int(self._find(r"if BatchRows = null then (\d+)"))
        self.path = self._find(r'RelativePath = "(.*?)"')
        self.content_type = self._find(r'#"Content-Type" = "(.*?)"')
        self.scheme = self._find(r'Authorization = "(.*?)" & ServiceKey')
        self.requests: list[dict[str, Any]] = []

    def _find(self, pattern: str) -> str:
        found = re.findall(pattern, self._text)
        assert len(found) == 1, f"{pattern} occurs {len(found)} times"
        return str(found[0])

    def __call__(
        self, data: list[dict[str, Any]], method: str | None = None, batch_rows: int | None = None
    ) -> list[dict[str, Any]]:
        """Return the rows with `Results`, or `Results.NAME` per field, and `Scoring error`."""
        size = batch_rows or self.batch_rows
        scored = []
        for start in range(0, len(data), size):
            batch = data[start : start + size]
            results, problem = self._ask(batch, method)
            values = results if results is not None else [None] * len(batch)
            scored += [
                {**row, "Results": value, "Scoring error": problem}
                for row, value in zip(batch, values, strict=True)
            ]
        first = next((row["Results"] for row in scored if row["Results"] is not None), None)
        if not isinstance(first, dict):
            return scored
        return [self._expanded(row, list(first)) for row in scored]

    def _ask(self, rows: list[Any], method: str | None) -> tuple[list[Any] | None, str | None]:
        body: dict[str, Any] = {"Inputs": {"data": rows}}
        if method is not None:
            body["GlobalParameters"] = {"method": method}
        headers = {"Content-Type": self.content_type}
        if self._key:
            headers["Authorization"] = f"{self.scheme}{self._key}"
        self.requests.append(body)
        response = requests.post(
            f"{self._root}/{self.path}", json=body, headers=headers, timeout=300
        )
        if response.status_code != 200 and response.status_code not in self.statuses:
            raise RuntimeError(f"DataSource.Error: {response.status_code}")
        try:
            answer = response.json()
        except ValueError:
            answer = None
        fields = answer if isinstance(answer, dict) else {}
        if response.status_code != 200:
            message = fields.get("message", "no message")
            return None, f"HTTP {response.status_code}: {message}"
        results = fields.get("Results")
        if not isinstance(results, list) or len(results) != len(rows):
            return None, "The answer has not one result per row."
        return results, None

    @staticmethod
    def _expanded(row: dict[str, Any], names: list[str]) -> dict[str, Any]:
        record = row["Results"] or {}
        kept = {name: value for name, value in row.items() if name != "Results"}
        return {**kept, **{f"Results.{name}": record.get(name) for name in names}}
