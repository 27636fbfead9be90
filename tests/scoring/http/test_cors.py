"""CORS on every answer of every door, under the real azmlinfsrv and its flask-cors."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from scoring.http.cors import Cors
from scoring.settings import InvalidSetting

from deploy.servers.azmlinfsrv import Server

ALLOWED, OTHER = "https://app.example.com", "http://localhost:8080"
PREFLIGHT = {
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization,content-type",
}
DOORS = ("image", "score", "raw_json")


@pytest.fixture
def door(
    request: pytest.FixtureRequest,
    start_server: Callable[..., Server],
    root: Path,
    model_of: Callable[[str], Path],
) -> Server:
    """A door with two origins allowed, or with all of them."""
    name, origins = request.param
    environ = {"AML_CORS_ORIGINS": origins}
    return start_server(root / "score" / f"{name}.py", model_of(name), environ=environ)


listed = pytest.mark.parametrize(
    "door", [(name, f"{ALLOWED},{OTHER}") for name in DOORS], indirect=True, ids=DOORS
)
everybody = pytest.mark.parametrize(
    "door", [(name, "*") for name in DOORS[:2]], indirect=True, ids=DOORS[:2]
)

#: What a service can be asked, and what it answers: success, the door's errors, the host's own.
REQUESTS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "health": ("GET", "/", {}),
    "swagger": ("GET", "/swagger.json", {}),
    "bad body": ("POST", "/score", {"json": {"nothing": 1}}),
    "bad type": ("POST", "/score", {"data": b"x", "headers": {"Content-Type": "text/plain"}}),
    "method": ("DELETE", "/score", {}),
    "path": ("GET", "/nowhere", {}),
    "request id": ("POST", "/score", {"headers": {"x-request-id": "x" * 101}}),
}


def ask(server: Server, name: str, origin: str | None) -> requests.Response:
    method, path, options = REQUESTS[name]
    headers = dict(options.get("headers", {})) | ({"Origin": origin} if origin else {})
    return requests.request(
        method, server.url + path, timeout=60, **(options | {"headers": headers})
    )


def cors_headers(answer: requests.Response) -> dict[str, list[str]]:
    """Return every CORS header with all its occurrences; requests would join them."""
    raw = answer.raw.headers
    return {
        name.lower(): raw.getlist(name)
        for name in raw
        if name.lower().startswith("access-control-")
    }


@listed
@pytest.mark.parametrize("name", REQUESTS)
def test_an_allowed_origin_may_read_every_answer(door: Server, name: str) -> None:
    """Success and error alike echo the origin once, vary by it and show the request ids."""
    for origin in (ALLOWED, OTHER):
        answer = ask(door, name, origin)
        headers = cors_headers(answer)
        assert headers["access-control-allow-origin"] == [origin]
        (exposed,) = headers["access-control-expose-headers"]
        assert "x-request-id" in exposed
        assert "access-control-allow-credentials" not in headers
        assert answer.raw.headers.getlist("Vary") == ["Origin"]


@listed
@pytest.mark.parametrize(
    "origin", ["https://evil.example.com", f"{ALLOWED}.evil.com", "null", None]
)
def test_another_origin_gets_no_cors_header(door: Server, origin: str | None) -> None:
    """An origin that is not listed, and a request without one, get none; caches are told."""
    for name in REQUESTS:
        answer = ask(door, name, origin)
        assert cors_headers(answer) == {}
        assert answer.headers["Vary"] == "Origin"


@listed
def test_a_preflight_is_answered(door: Server) -> None:
    """Methods, headers and how long it holds, each once, for a listed origin only."""
    headers = {"Origin": ALLOWED} | PREFLIGHT
    answer = requests.options(door.score_url, headers=headers, timeout=60)
    assert answer.status_code in (200, 204)
    assert cors_headers(answer) | {"access-control-expose-headers": []} == {
        "access-control-allow-origin": [ALLOWED],
        "access-control-allow-methods": ["GET, POST, OPTIONS"],
        "access-control-allow-headers": ["authorization,content-type"],
        "access-control-max-age": ["7200"],
        "access-control-expose-headers": [],
    }
    headers["Origin"] = "https://evil.example.com"
    assert cors_headers(requests.options(door.score_url, headers=headers, timeout=60)) == {}


@everybody
@pytest.mark.parametrize("name", REQUESTS)
def test_a_star_is_a_star(door: Server, name: str) -> None:
    """With * every origin may read, without credentials, and nothing varies."""
    for origin in ("https://anybody.example", None):
        answer = ask(door, name, origin)
        headers = cors_headers(answer)
        assert headers["access-control-allow-origin"] == ["*"]
        assert "access-control-allow-credentials" not in headers
        assert "Vary" not in answer.headers


def test_without_the_setting_there_are_no_headers(score_server: Server) -> None:
    """CORS is off unless it is asked for."""
    for name in REQUESTS:
        assert cors_headers(ask(score_server, name, ALLOWED)) == {}


@pytest.mark.parametrize(
    "entry",
    ["https://a.example/", "a.example", "https://*.example", "https://a.example/page", "null",
     "ftp://a.example", "https://a b"],
)  # fmt: skip
def test_what_is_no_origin_stops_the_start(entry: str) -> None:
    """A setting that would never match, or match as a pattern, is named at the start."""
    with pytest.raises(InvalidSetting, match="AML_CORS_ORIGINS"):
        Cors.from_environ({"AML_CORS_ORIGINS": f"https://fine.example,{entry}"})


@pytest.mark.parametrize(
    "entry", ["https://a.example", "http://localhost:8080", "http://[::1]:80", "HTTPS://A.example"]
)
def test_origins_are_read_as_browsers_write_them(entry: str) -> None:
    """Host names have no case; browsers send them in lower case."""
    cors = Cors.from_environ({"AML_CORS_ORIGINS": f" {entry} ,"})
    assert cors == Cors(frozenset({entry.lower()}))
