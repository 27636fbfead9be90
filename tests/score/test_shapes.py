"""Inputs that are no table of records, wrong ones among them, under the real azmlinfsrv."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import requests

from deploy.servers.azmlinfsrv import Server
from tests.conftest import StartServer


@pytest.fixture(scope="session")
def shapes_server(start_server: StartServer, root: Path) -> Server:
    entry = root / "tests" / "data" / "entries" / "shapes.py"
    return start_server(entry, None, app_root=root / "score")


def post(server: Server, **body: Any) -> requests.Response:
    headers = {"Content-Type": "application/json"}
    return requests.post(server.score_url, json.dumps(body), headers=headers, timeout=60)


@pytest.mark.parametrize(
    ("name", "value", "where"),
    [
        ("number", "x", "number"),
        ("number", [], "number"),
        ("number", 1.5, "number"),
        ("number", {}, "number"),
        ("number", True, "number"),
        ("number", 10**30, "number"),
        ("inner", 5, "inner"),
        ("inner", {}, "inner.n"),
        ("inner", {"n": True, "data": []}, "inner.n"),
        ("inner", {"n": 1, "data": [], "more": 1}, "inner.more"),
        ("inner", {"n": 1, "data": [{"a": "x", "n": 1}]}, "inner.data[0].a"),
        ("table", 5, "table"),
        ("table", [{"a": 1}], "table[0].n"),
        ("matrix", [[1, "x"]], "matrix[0][1]"),
        ("matrix", [[1]], "matrix[0]"),
        ("loose", 5, "loose"),
        ("loose", [["x"]], "loose"),
        ("words", [{"s": "a\0", "b": "", "u": 1}], "words[0].s"),
        ("labelled", {"01": {"a": 1, "n": 2}}, 'labelled["01"]'),
        ("numbers", [1, None], "numbers[1]"),
    ],
)
def test_wrong_values_are_named(shapes_server: Server, name: str, value: Any, where: str) -> None:
    """A 400 that names the value, of inference-schema's plain types as of ours."""
    answer = post(shapes_server, **{name: value})
    assert answer.status_code == 400, answer.text
    assert answer.json()["errors"][0]["where"] == where


def test_right_values_arrive(shapes_server: Server) -> None:
    """Each type converts; texts keep their length, and what has no checks its freedom."""
    answer = post(
        shapes_server,
        number=3.0,
        inner={"n": 1, "data": []},
        matrix=[[1, 2]],
        loose=[[1, 2, 3]],
        words=[{"s": "abcdefgh", "b": "YWJjZGVm", "u": 1}],
        numbers=[],
    )
    assert answer.status_code == 200, answer.text
    said = answer.json()
    assert said["number"] == "3"
    assert said["matrix"] == "array([[1., 2.]])"
    assert said["loose"] == "array([[1., 2., 3.]])"
    assert "('abcdefgh', b'abcdef', 1)" in said["words"]
    assert said["numbers"] == "[]"


def test_lists_of_objects_have_a_limit(shapes_server: Server) -> None:
    """More items than rows are allowed are a 413 that names the limit and its setting."""
    answer = post(shapes_server, items=[{"x": 1}] * 100_001)
    assert answer.status_code == 413, answer.text
    assert "items has 100001 rows; the limit is 100000" in answer.json()["message"]
    assert "SCORING_MAX_ROWS" in answer.json()["message"]
