"""Every wrong input gets its own answer, over HTTP under the real azmlinfsrv."""

from __future__ import annotations

import gzip
import json
import math
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import requests
from openapi_spec_validator import validate

from deploy.servers.azmlinfsrv import Server
from tests.conftest import StartServer

JSON = {"Content-Type": "application/json"}
ROW = dict.fromkeys(["age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6"], 0.01)


def send(server: Server, body: bytes | str, **headers: str) -> requests.Response:
    return requests.post(server.score_url, data=body, headers={**JSON, **headers}, timeout=60)


def post(server: Server, body: object) -> requests.Response:
    # Not requests' own json=, which refuses NaN.
    return send(server, json.dumps(body))


def inputs(*rows: Any) -> Any:
    return {"Inputs": {"data": list(rows)}}


@pytest.fixture(scope="session")
def columns_server(start_server: StartServer, root: Path) -> Server:
    """A script with a column of every kind."""
    entry = root / "tests" / "data" / "entries" / "columns.py"
    return start_server(entry, None, app_root=root / "score")


@pytest.mark.parametrize(
    ("body", "where", "expected", "found"),
    [
        (inputs({**ROW, "bmi": "abc"}), "Inputs.data[0].bmi", "number", 'string "abc"'),
        (inputs(ROW, {**ROW, "s6": None}), "Inputs.data[1].s6", "number", "null"),
        (inputs({**ROW, "age": True}), "Inputs.data[0].age", "number", "boolean true"),
        (inputs({**ROW, "age": math.nan}), "Inputs.data[0].age", "number", "number NaN"),
        (inputs({**ROW, "age": 10**400}), "Inputs.data[0].age", "number", None),
        (inputs({**ROW, "age": [1]}), "Inputs.data[0].age", "number", "an array of 1"),
        (inputs({**ROW, "new": 1}), "Inputs.data[0].new", "no key of this name", "number 1"),
        (inputs({}), "Inputs.data[0].age", "number", "nothing"),
        (inputs(5), "Inputs.data[0]", "an object with a key per column", "number 5"),
        ({"Inputs": {"data": None}}, "Inputs.data", None, "null"),
        ({"Inputs": {"data": {}}}, "Inputs.data", None, "an object"),
        ({"Inputs": {"data": "x" * 10_000}}, "Inputs.data", None, None),
        ({"Inputs": {}}, "Inputs.data", "an array", "nothing"),
        ({"Inputs": {"Data": []}}, "Inputs.data", "an array", 'nothing, but there is "Data"'),
        ({"Inputs": {"data": [], "more": 1}}, "Inputs.more", "no key of this name", "number 1"),
        ({"Inputs": None}, "Inputs", "an object with data", "null"),
        ({"Inputs": []}, "Inputs", "an object with data", "an array of 0"),
        ({**inputs(ROW), "GlobalParameters": 5}, "GlobalParameters", None, "number 5"),
        (
            {**inputs(ROW), "GlobalParameters": {"methods": "x"}},
            "GlobalParameters.methods",
            'no key of this name (did you mean "method"?)',
            'string "x"',
        ),
        ({**inputs(ROW), "GlobalParameters": {"method": 5}}, "GlobalParameters.method", None, None),
    ],
)
def test_wrong_tables_are_named(
    score_server: Server, body: Any, where: str, expected: str | None, found: str | None
) -> None:
    """400 with the place, what it should hold and what it holds; never 500, never 200."""
    answer = post(score_server, body)
    problem = answer.json()["errors"][0]
    assert answer.status_code == 400
    assert problem["where"] == where
    assert expected in (None, problem["expected"])
    assert found in (None, problem["found"])
    assert len(answer.content) < 4_000


def test_overflowing_literals_are_refused(score_server: Server) -> None:
    """1e999, which Python reads as infinity, is no number."""
    body = json.dumps(inputs(ROW)).replace("0.01", "1e999", 1)
    assert send(score_server, body).json()["errors"][0]["found"] == "number Infinity"


def test_the_message_counts(score_server: Server) -> None:
    """Three faults in one table are three problems, the first one in words."""
    rows = [{**ROW, "bmi": "abc"}, {**ROW, "bmi": None}, {**ROW, "bp": "abc"}]
    answer = post(score_server, inputs(*rows)).json()
    first = 'Inputs.data[0].bmi: expected number, found string "abc"'
    assert answer["message"] == f"3 problems in Inputs.data: {first}"
    assert (len(answer["errors"]), answer["error_count"]) == (3, 3)


@pytest.mark.parametrize("parameters", [None, {}, {"method": "predict"}])
def test_global_parameters_may_be_null_or_empty(score_server: Server, parameters: Any) -> None:
    """Null and empty parameters are the default ones."""
    answer = post(score_server, {**inputs(ROW), "GlobalParameters": parameters})
    assert answer.status_code == 200
    assert answer.json() == post(score_server, inputs(ROW)).json()


def test_columns_in_any_order(score_server: Server) -> None:
    """Names restore the order of columns."""
    row = {name: i / 100 for i, name in enumerate(ROW)}
    answers = [post(score_server, inputs(each)) for each in (row, dict(reversed(row.items())))]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()


def test_deep_nesting_is_refused(score_server: Server) -> None:
    """Five hundred levels are an answer, not a crash."""
    answer = send(score_server, f'{{"Inputs": {"[" * 500}{"]" * 500}}}')
    assert answer.status_code == 400


def test_the_servers_own_limits(score_server: Server) -> None:
    """What fails in Azure's server before run() is reached is known and stays its own."""
    assert send(score_server, b'{"Inputs": "\xff"}').status_code == 500
    packed = gzip.compress(json.dumps(inputs(ROW)).encode())
    assert send(score_server, packed, **{"Content-Encoding": "gzip"}).status_code == 500
    assert send(score_server, f'{{"Inputs": {"9" * 5_000}}}').status_code == 500
    assert send(score_server, "[" * 100_000).status_code == 500
    assert post(score_server, inputs(ROW)).status_code == 200


@pytest.fixture(scope="session")
def small_server(start_server: StartServer, root: Path, sample_model: Path) -> Server:
    """`score/score.py` with small limits."""
    limits = (("SCORING_MAX_ROWS", "3"), ("SCORING_MAX_BODY_BYTES", "2000"))
    return start_server(root / "score" / "score.py", sample_model, environ=dict(limits))


def test_limits_are_413_with_their_setting(small_server: Server) -> None:
    """Too many rows or bytes are 413, and the answer names limit and setting."""
    assert post(small_server, inputs(ROW, ROW, ROW)).status_code == 200
    rows = post(small_server, inputs(ROW, ROW, ROW, ROW))
    assert rows.status_code == 413
    assert "4 rows; the limit is 3" in rows.json()["message"]
    assert "SCORING_MAX_ROWS" in rows.json()["message"]
    size = post(small_server, {**inputs(ROW), "padding": "x" * 2000})
    assert size.status_code == 413
    assert "2000 bytes" in size.json()["message"]
    assert "SCORING_MAX_BODY_BYTES" in size.json()["message"]


def test_a_body_without_length_is_limited_too(small_server: Server) -> None:
    """A body sent in chunks, without Content-Length, has the same limit."""
    body = json.dumps({**inputs(ROW), "padding": "x" * 2000}).encode()
    chunks = iter([body[:1000], body[1000:]])
    answer = requests.post(small_server.score_url, data=chunks, headers=JSON, timeout=60)
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"data": [[1] * 9]}, "data[0]"),
        ({"data": [[1] * 9 + ["x"]]}, "data[0][9]"),
        ({"data": [[1] * 9 + [None]]}, "data[0][9]"),
        ({"data": [1]}, "data[0]"),
        ({"data": 1}, "data"),
        ({}, "data"),
        ({"data": [], "more": 1}, "more"),
        ([], "the body"),
    ],
)
def test_the_classic_door_names_faults_too(raw_json_server: Server, body: Any, where: str) -> None:
    """An undecorated run() answers in the same form."""
    answer = post(raw_json_server, body)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["where"] == where


@pytest.mark.parametrize("body", ["", "{", "9" * 5_000, "[" * 100_000])
def test_the_classic_door_reads_its_json_itself(raw_json_server: Server, body: str) -> None:
    """There, what is no JSON at all is a 400 as well."""
    answer = send(raw_json_server, body)
    assert answer.status_code == 400
    assert answer.json()["message"]


def document(server: Server, version: str) -> Any:
    return requests.get(f"{server.url}/swagger.json?version={version}", timeout=60).json()


@pytest.mark.parametrize("version", ["2", "3", "3.1"])
def test_swagger_is_valid_in_every_version(columns_server: Server, version: str) -> None:
    """A table of every kind of column, an array and a dictionary make a valid document."""
    validate(document(columns_server, version))


def bare_objects(schema: Any) -> list[Any]:
    """Return every schema of an object that does not say what is in it."""
    if isinstance(schema, list):
        return [each for item in schema for each in bare_objects(item)]
    if not isinstance(schema, dict):
        return []
    bare = schema.get("type") == "object" and not {"properties", "additionalProperties"} & set(
        schema
    )
    inner = [each for value in schema.values() for each in bare_objects(value)]
    return [schema, *inner] if bare else inner


def test_swagger_says_it_all(columns_server: Server) -> None:
    """Required parameters and keys, fixed widths, and no object without content."""
    schema = document(columns_server, "3")["components"]["schemas"]["ServiceInput"]
    properties = schema["properties"]
    assert set(schema["required"]) == {"table", "matrix"}
    assert properties["options"]["required"] == ["threshold"]
    assert len(properties["table"]["items"]["required"]) == 16
    assert properties["matrix"]["items"]["minItems"] == 3
    assert bare_objects(schema) == []


def test_the_swagger_example_is_answered(columns_server: Server) -> None:
    """The document's own example is accepted as it stands, also with nulls where they may be."""
    example = document(columns_server, "2")["definitions"]["ServiceInput"]["example"]
    answer = post(columns_server, example)
    assert answer.status_code == 200, answer.text
    assert answer.json()["rows"] == len(example["table"])
    body = deepcopy(example)
    body["table"][0] |= dict.fromkeys(name for name in body["table"][0] if "maybe" in name)
    assert post(columns_server, body).status_code == 200


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("single", 1e39),
        ("whole", 2**63),
        ("whole", 1.7),
        ("byte", 256),
        ("byte", -1),
        ("flag", "false"),
        ("word", None),
        ("word", "\ud800"),
        ("maybe_whole", 1.5),
        ("maybe_flag", 1),
        ("kind", "blue"),
        ("when", 1704164645),
        ("when", ""),
        ("when", "2024-02-30T00:00:00Z"),
        ("when", "2024-01-02"),
        ("zoned", "yesterday"),
        ("day", "2024-01-02T00:00:00Z"),
        ("clock", "25:00:00"),
        ("lasting", "1 day"),
        ("lasting", 5),
    ],
)
def test_every_kind_of_column_refuses_its_faults(
    columns_server: Server, column: str, value: Any
) -> None:
    """What inference-schema wraps, cuts or guesses is refused, with its place."""
    body = document(columns_server, "2")["definitions"]["ServiceInput"]["example"]
    body["table"][0][column] = value
    answer = post(columns_server, body)
    assert answer.status_code == 400
    assert [error["where"] for error in answer.json()["errors"]] == [f"table[0].{column}"]


def test_names_of_every_language_are_readable(score_server: Server) -> None:
    """A column's own letters stand in the answer as it is sent, before anything decodes it."""
    answer = post(score_server, inputs({**ROW, "größe": 1, "年齢": 2}))
    assert answer.status_code == 400
    assert "Inputs.data[0].größe".encode() in answer.content
    assert "Inputs.data[0].年齢".encode() in answer.content
