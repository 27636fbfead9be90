"""The tabular door, over HTTP under the real azmlinfsrv."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import joblib
import pytest
import requests
from openapi_spec_validator import validate
from sklearn.datasets import load_diabetes

from deploy.servers.azmlinfsrv import Server
from tests.nearly import nearly

FEATURES = load_diabetes(as_frame=True).data


def post(server: Server, body: object, **headers: str) -> requests.Response:
    return requests.post(server.score_url, json=body, headers=headers, timeout=60)


def table(rows: int) -> Any:
    return FEATURES.head(rows).to_dict("records")


@pytest.mark.parametrize("rows", [1, 2, 442])
def test_scores_are_the_models_own(score_server: Server, sample_model: Path, rows: int) -> None:
    """Every row gets the model's own prediction in its place."""
    answer = post(score_server, {"Inputs": {"data": table(rows)}})
    model = joblib.load(sample_model / "model.joblib")
    assert answer.status_code == 200
    assert answer.json() == {"Results": nearly(model.predict(FEATURES.head(rows)).tolist())}


def test_zero_rows(score_server: Server) -> None:
    """No rows give no results."""
    answer = post(score_server, {"Inputs": {"data": []}})
    assert (answer.status_code, answer.json()) == (200, {"Results": []})


def test_global_parameters_are_optional(score_server: Server) -> None:
    """The default method and the method said give the same answer."""
    inputs = {"data": table(3)}
    said = post(score_server, {"Inputs": inputs, "GlobalParameters": {"method": "predict"}})
    assert said.status_code == 200
    assert post(score_server, {"Inputs": inputs}).json() == said.json()


def test_unknown_method_is_named(score_server: Server) -> None:
    """A method the model does not have is the client's fault."""
    body = {"Inputs": {"data": table(1)}, "GlobalParameters": {"method": "transmogrify"}}
    answer = post(score_server, body)
    assert answer.status_code == 400
    assert "GlobalParameters.method" in answer.json()["message"]


@pytest.mark.parametrize(
    ("header", "sent"),
    [("x-request-id", "r-1"), ("x-ms-client-request-id", "c-1"), ("TraceId", "t-1")],
)
def test_request_ids_are_echoed(score_server: Server, header: str, sent: str) -> None:
    """An id sent comes back."""
    answer = post(score_server, {"Inputs": {"data": table(1)}}, **{header: sent})
    assert answer.headers[header] == sent


def test_one_line_per_request_without_the_payload(score_server: Server) -> None:
    """The log tells id, status, time and rows, never a value."""
    row = table(1)[0] | {"bmi": 0.123454321}
    post(score_server, {"Inputs": {"data": [row]}}, **{"x-request-id": "log-me"})
    log = score_server.log()
    lines = re.findall(r"azmlinfsrv\.scoring - (\{.*log-me.*\})", log)
    assert len(lines) == 1
    line = json.loads(lines[0])
    assert line["ms"] > 0
    assert (line["request_id"], line["status"], line["rows"]) == ("log-me", 200, 1)
    assert "0.123454321" not in log


@pytest.mark.parametrize(
    ("status", "sent"),
    [
        (400, {"data": "{"}),
        (400, {"data": ""}),
        (400, {"json": [1, 2]}),
        (400, {"json": {"inputs": {}}}),
    ],
)
def test_the_servers_own_answers_stay(
    score_server: Server, status: int, sent: dict[str, Any]
) -> None:
    """What azmlinfsrv refuses before run() is reached is refused in its words."""
    headers = {"Content-Type": "application/json"}
    answer = requests.post(score_server.score_url, headers=headers, timeout=60, **sent)
    assert answer.status_code == status
    assert answer.json()["message"]


def test_other_content_types_and_methods(score_server: Server) -> None:
    """415 without JSON, 405 for PUT, 404 elsewhere, 431 for a request id that is too long."""
    url = score_server.score_url
    assert requests.post(url, data="x", timeout=60).status_code == 415
    assert requests.put(url, json={}, timeout=60).status_code == 405
    assert requests.get(f"{score_server.url}/nowhere", timeout=60).status_code == 404
    headers = {"x-request-id": "x" * 101}
    assert requests.post(url, json={}, headers=headers, timeout=60).status_code == 431


@pytest.mark.parametrize("version", ["2", "3", "3.1"])
def test_swagger_is_valid(score_server: Server, version: str) -> None:
    """An independent validator accepts the document in every version."""
    url = f"{score_server.url}/swagger.json"
    validate(requests.get(url, params={"version": version}, timeout=60).json())
