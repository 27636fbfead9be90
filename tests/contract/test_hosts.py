"""The same requests to azmlinfsrv and to the faster host; azmlinfsrv is the oracle."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import NamedTuple

import pytest

from deploy.servers.azmlinfsrv import Server
from tests.conftest import StartServer
from tests.contract.differences import DIFFERENCES, table
from tests.contract.exchange import Answer, exchange, request_bytes

ENTRIES = Path(__file__).resolve().parents[1] / "data" / "entries" / "hosts"

ALLOWED = {difference.request: difference for difference in DIFFERENCES}

#: Headers of the connection, of the moment and of the server's make.
NOT_COMPARED = {"connection", "date", "server", "x-ms-run-fn-exec-ms", "content-length"}

#: What only better answers have.
ADDED = {"x-request-id", "x-ms-request-id", "x-ms-server-version", "allow", "traceid"}

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Case(NamedTuple):
    """A request to one of the entry scripts."""

    name: str
    entry: str
    raw: bytes


def wish(**said: object) -> bytes:
    return json.dumps(said).encode()


def score(entry: str, name: str, body: bytes | None, **headers: str) -> Case:
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    return Case(name, entry, request_bytes("POST", "/score", body, named))


def get(entry: str, name: str, target: str, method: str = "GET", **headers: str) -> Case:
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    return Case(name, entry, request_bytes(method, target, None, named))


FORM = "application/x-www-form-urlencoded"
WORD = b'{"word": "ab"}'
CASES = [
    get("typed", "health", "/", x_request_id="mine", TraceId="trace"),
    get("typed", "health, client id", "/", x_ms_client_request_id="c", x_request_id="r"),
    get("typed", "health, deprecated id", "/", x_ms_request_id="old", x_request_id="r"),
    get("typed", "health, long id", "/", x_request_id="r" * 101),
    get("typed", "health with query", "/?x=1"),
    get("typed", "health, HEAD", "/", "HEAD"),
    get("typed", "health, OPTIONS", "/", "OPTIONS"),
    get("typed", "wrong method for health", "/", "POST"),
    get("typed", "unknown path", "/nowhere", TraceId="trace", x_request_id="r"),
    get("typed", "unknown method", "/score", "DELETE"),
    *[get("typed", f"Swagger {v}", f"/swagger.json?version={v}") for v in ("2", "3", "3.1", "4")],
    get("typed", "Swagger", "/swagger.json"),
    get("typed", "GET", "/score?word=ab&times=2"),
    get("typed", "GET, list", "/score?word=a&word=b"),
    get("typed", "GET without parameter", "/score?times=2"),
    get("typed", "OPTIONS", "/score", "OPTIONS"),
    score("typed", "POST", WORD, x_request_id="mine", TraceId="trace"),
    score("typed", "client id", WORD, x_ms_client_request_id="c", x_request_id="r"),
    score("typed", "deprecated id", WORD, x_ms_request_id="old", x_request_id="r"),
    score("typed", "long id", WORD, x_request_id="r" * 101),
    score("typed", "long client id", WORD, x_ms_client_request_id="c" * 101, x_request_id="r"),
    score("typed", "missing parameter", b'{"times": 2}'),
    score("typed", "null", b'{"word": null}'),
    score("typed", "unknown parameter", b'{"word": "ab", "wrod": 1}'),
    score("typed", "no dictionary", b"[1]"),
    score("typed", "no JSON", b"{"),
    score("typed", "empty body", b""),
    score("typed", "no content type", WORD, Content_Type=""),
    score("typed", "form", WORD, Content_Type=FORM),
    score("typed", "other JSON type", WORD, Content_Type="application/problem+json"),
    score("typed", "wrong type", b'{"word": 5}'),
    score("typed", "not UTF-8, schema", b'{"word": "\xff"}'),
    score("typed", "nested deeply, schema", b'{"word": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
    score("typed", "integer of 5 000 digits", b'{"word": ' + b"1" * 5000 + b"}"),
    score("typed", "gzip, schema", gzip.compress(WORD, mtime=0), Content_Encoding="gzip"),
    Case("two Host headers", "typed", b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
    Case("no Host header", "typed", b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n"),
    Case("HTTP/1.0", "typed", b"GET / HTTP/1.0\r\n\r\n"),
    Case("folded header", "typed", b"GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n"),
    Case("no HTTP", "typed", b"hello\r\n\r\n"),
    Case("long first line", "typed", request_bytes("GET", "/score?word=" + "a" * 5000)),
    get("typed", "upgrade to another protocol", "/", Upgrade="h2c", Connection="Upgrade"),
    score("undecorated", "text", wish(do="echo")),
    score("undecorated", "header", wish(do="header", name="X-Own"), X_Own="seen"),
    score("undecorated", "nothing returned", wish(do="nothing")),
    score("undecorated", "NaN returned", wish(do="nan")),
    score("undecorated", "a set returned", wish(do="set")),
    score("undecorated", "raises", wish(do="raise")),
    score("undecorated", "timeout", wish(do="sleep", seconds=600)),
    score("undecorated", "not UTF-8, text", b"\xff"),
    score("undecorated", "form, undecorated", WORD, Content_Type=FORM),
    get("undecorated", "GET, undecorated", "/score?do=echo"),
    *[
        get("raw", f"raw {method}", "/score?a=%20b", method)
        for method in ("GET", "OPTIONS", "POST")
    ],
    get("raw", "raw PUT", "/score", "PUT"),
    score("raw", "raw body", b"\x00bytes", Content_Type="text/plain"),
    get("raw", "raw, streamed", "/score?do=stream"),
    get("raw", "raw 201", "/score?do=status&code=201"),
    get("raw", "raw 204", "/score?do=status&code=204"),
    get("raw", "raw 503", "/score?do=status&code=503"),
    get("raw", "raw, encoded path", "/%73core?a=1"),
]


class Pair(NamedTuple):
    """The same script under both hosts."""

    azmlinfsrv: Server
    fast: Server


@pytest.fixture(scope="module")
def pair(start_server: StartServer) -> dict[str, Pair]:
    environ = {"SCORING_TIMEOUT_MS": "400", "SERVICE_NAME": "both"}
    return {
        entry: Pair(
            *(
                start_server(ENTRIES / f"{entry}.py", None, environ=environ, host=host)
                for host in ("azmlinfsrv", "fast")
            )
        )
        for entry in ("typed", "undecorated", "raw")
    }


def comparable(answer: Answer, *, without: set[str]) -> tuple[object, ...]:
    ids = {name: UUID.sub("an id", value) for name, value in answer.headers.items()}
    if "allow" in ids:
        ids["allow"] = ", ".join(sorted(ids["allow"].split(", ")))
    headers = {name: value for name, value in ids.items() if name not in without}
    return answer.status, headers, answer.content


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_both_hosts_answer_alike(pair: dict[str, Pair], case: Case) -> None:
    """Every answer is azmlinfsrv's but for the allowed differences, which are real ones."""
    theirs, ours = (exchange(server, case.raw) for server in pair[case.entry])
    assert ours is not None
    if case.name not in ALLOWED:
        assert theirs is not None
        if theirs.headers.get("content-type") == "text/html":
            # gunicorn's own pages for what never reached the server; ours are JSON.
            assert ours.status == theirs.status
            assert set(ours.content) == {"message"}
            return
        assert comparable(ours, without=NOT_COMPARED) == comparable(theirs, without=NOT_COMPARED)
        return
    allowed = ALLOWED[case.name]
    status = "none" if theirs is None else str(theirs.status)
    assert (status, str(ours.status)) == (allowed.azmlinfsrv[:3], allowed.fast[:3])
    if theirs is not None and theirs.status == ours.status:
        without = NOT_COMPARED | ADDED
        assert comparable(ours, without=without) == comparable(theirs, without=without)
        assert comparable(ours, without=set()) != comparable(theirs, without=set())
    elif ours.status >= 400:
        assert set(ours.content) == {"message"}


def test_every_allowed_difference_is_a_case() -> None:
    """No line of the table is there without a request that shows it."""
    assert ALLOWED.keys() <= {case.name for case in CASES}


def test_the_page_prints_the_differences(root: Path) -> None:
    """docs/host.md has the table as it is."""
    assert table() in (root / "docs" / "host.md").read_text()
