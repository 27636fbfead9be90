"""The wrapper around run(), under the real server."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from deploy.servers.azmlinfsrv import Server

ENTRIES = Path(__file__).resolve().parents[2] / "data" / "entries"
JSON = {"Content-Type": "application/json"}


def start(start_server: Callable[..., Server], root: Path, entry: str, **environ: str) -> Server:
    # The app root is score/, so that the entries find the library.
    return start_server(ENTRIES / f"{entry}.py", None, app_root=root / "score", environ=environ)


def test_a_failing_model_is_an_opaque_500(start_server: Callable[..., Server], root: Path) -> None:
    """The client gets the request id and no detail; the log gets the traceback."""
    server = start(start_server, root, "raises")
    headers = {"x-request-id": "r-500", "Content-Type": "application/json"}
    answer = requests.post(server.score_url, data="body", headers=headers, timeout=60)
    assert answer.status_code == 500
    assert answer.json()["request_id"] == "r-500"
    assert "secret-detail" not in answer.text
    assert "KeyError: 'secret-detail body'" in server.log()


def test_the_servers_timeout_is_its_own(start_server: Callable[..., Server], root: Path) -> None:
    """SCORING_TIMEOUT_MS still ends a run() that takes too long."""
    server = start(start_server, root, "slow", SCORING_TIMEOUT_MS="200")
    headers = {"x-request-id": "too-slow"}
    answer = requests.post(server.score_url, json={}, headers=headers, timeout=60)
    assert answer.status_code == 500
    assert answer.json() == {"message": "Scoring timeout after 200 ms"}
    (line,) = [line for line in server.log().splitlines() if '"too-slow"' in line]
    assert '"status": 500' in line


@pytest.mark.parametrize(
    ("case", "error"), [("drop", "TimeoutError"), ("hang", "TimeoutError"), ("exit", "SystemExit")]
)
def test_what_the_model_raises_ends_nothing(
    start_server: Callable[..., Server], root: Path, case: str, error: str
) -> None:
    """The model's own timeout is not the server's alarm, and its exit not the worker's end."""
    server = start(start_server, root, "answers")
    headers = {"x-request-id": f"raised-{case}"}
    answer = requests.post(server.score_url, json=case, headers=headers, timeout=60)
    assert answer.status_code == 500
    assert answer.json()["request_id"] == f"raised-{case}"
    assert "secret-detail" not in answer.text
    assert f"{error}: " in server.log().partition(f'failed, request id "raised-{case}"')[2]


def test_a_result_without_dimensions_is_a_scalar(
    start_server: Callable[..., Server], root: Path
) -> None:
    """An array that was squeezed to nothing but its value is that value, and one row."""
    server = start(start_server, root, "answers")
    for case, expected in [("scalar", 5.5), ("squeezed", {"Results": 5.5}), ("masked", None)]:
        headers = {"x-request-id": f"line-{case}"}
        answer = requests.post(server.score_url, json=case, headers=headers, timeout=60)
        assert (answer.status_code, answer.json()) == (200, expected)
        (line,) = [line for line in server.log().splitlines() if f'"line-{case}"' in line]
        assert '"rows": 1' in line


def test_a_request_always_has_an_id(start_server: Callable[..., Server], root: Path) -> None:
    """Where the client's id is empty or too long, one is made for answer, headers and log."""
    server = start(start_server, root, "raises")
    made = []
    for sent, status in [("", 500), ("", 500), ("x" * 101, 431)]:
        headers = {"x-request-id": sent}
        answer = requests.post(server.score_url, data="body", headers=headers, timeout=60)
        assert answer.status_code == status
        made.append(answer.headers["x-request-id"])
        assert answer.json().get("request_id", made[-1]) == made[-1]
        assert f'{{"request_id": "{made[-1]}", "status": {status}' in server.log()
    assert len({*made}) == 3
    assert all(len(each) == 36 for each in made)


def test_the_servers_refusals_have_a_request_id(
    start_server: Callable[..., Server], root: Path
) -> None:
    """A 404 and a 405 of the server echo the request's id, or have one made for them."""
    server = start(start_server, root, "raises")
    for method, path, status in [("GET", "/nowhere", 404), ("DELETE", "/score", 405)]:
        sent = {"x-request-id": f"lost-{status}"}
        answer = requests.request(method, server.url + path, headers=sent, timeout=60)
        assert (answer.status_code, answer.headers["x-request-id"]) == (status, f"lost-{status}")
        made = [
            requests.request(method, server.url + path, headers=headers, timeout=60).headers
            for headers in ({}, {}, {"x-request-id": "x" * 101})
        ]
        assert len({headers["x-request-id"] for headers in made}) == 3
        assert all(len(headers["x-request-id"]) == 36 for headers in made)
    assert '"lost-405"' in server.log()
    # Whoever looks for pages that are not there sends no request to score.
    assert '"lost-404"' not in server.log()


def test_a_query_is_in_no_line_of_ours(start_server: Callable[..., Server], root: Path) -> None:
    """What a GET sends in its query stands in the server's own two lines, as documented."""
    server = start(start_server, root, "text")
    answer = requests.get(server.score_url, params={"who": "ada-lovelace"}, timeout=60)
    assert (answer.status_code, answer.json()) == (200, {"who": "ada-lovelace"})
    # The server writes its last line after the answer, and before it takes the next request.
    requests.get(server.url, timeout=60)
    lines = [line for line in server.log().splitlines() if "ada-lovelace" in line]
    assert [line.partition("] ")[2].partition(" - ")[0] for line in lines] == [
        "azmlinfsrv",
        "gunicorn.access",
    ]


def test_json_text_is_not_encoded_twice(start_server: Callable[..., Server], root: Path) -> None:
    """A run() that returns json.dumps(...) sends that JSON; other text becomes a JSON string."""
    server = start(start_server, root, "text")
    for sent, expected in [('{"a": [1]}', {"a": [1]}), ("[NaN]", [None]), ("[1", "[1")]:
        answer = requests.post(server.score_url, data=sent, headers=JSON, timeout=60)
        assert (answer.status_code, answer.json()) == (200, expected)


def test_required_parameters_are_published(start_server: Callable[..., Server], root: Path) -> None:
    """Parameters without a default are required in the Swagger; the headers are none of them."""
    server = start(start_server, root, "headers")
    for version, path in [("2", ["definitions"]), ("3.1", ["components", "schemas"])]:
        schema = requests.get(f"{server.url}/swagger.json?version={version}", timeout=60).json()
        for step in [*path, "ServiceInput"]:
            schema = schema[step]
        assert schema["required"] == ["word"]
        assert schema["example"] == {"word": "a", "times": 1}
        assert schema["properties"].keys() == {"word", "times"}
    answer = requests.post(server.score_url, json={"word": "ab"}, timeout=60)
    assert (answer.status_code, answer.json()) == (200, "ab")
