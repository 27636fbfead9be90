"""The examples of the other pages do what they say."""

from __future__ import annotations

import gzip
import json
import re
import shlex
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from deploy.servers.azmlinfsrv import Server
from tests.docs.documented import commands, examples
from tests.nearly import nearly


@pytest.mark.needs("curl")
@pytest.mark.parametrize(("page", "door"), [("errors", "score"), ("powerbi", "classifier")])
def test_requests_get_their_answers(
    root: Path,
    start_server: Callable[..., Server],
    model_of: Callable[[str], Path],
    page: str,
    door: str,
) -> None:
    """Each request of the page, pasted, is answered as printed."""
    server = start_server(root / "score" / f"{door}.py", model_of(door))
    shown = examples(root / "docs" / f"{page}.md")
    assert shown
    for example in shown:
        assert example.run(server.url) == nearly(example.answer)


def test_commands_name_what_there_is(root: Path) -> None:
    """The entry scripts that the pages start are there."""
    swagger = commands(root / "docs" / "swagger.md", ".venv/bin/python -m deploy swagger")
    powerbi = commands(root / "docs" / "powerbi.md", "make serve")
    assert "score/score.py" in shlex.split(swagger[0])
    assert "ENTRY=score/classifier.py" in powerbi[0].split()
    assert (root / "score" / "classifier.py").is_file()


def post(server: Server, body: bytes, **headers: str) -> int:
    json_type = {"Content-Type": "application/json"}
    return requests.post(
        server.score_url, data=body, headers=json_type | headers, timeout=60
    ).status_code


def half(server: Server, length: str, body: bytes) -> int:
    """Send less than was announced, close, and return the status."""
    head = f"POST /score HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{length}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
        connection.sendall(head.encode() + body)
        connection.shutdown(socket.SHUT_WR)
        return int(connection.recv(1000).split()[1])


def good(root: Path, server: Server) -> bytes:
    """Return a body that the door accepts."""
    recorded = root / "clients" / "contract" / server.entry.stem / "request.json"
    return json.dumps(json.loads(recorded.read_text())).encode()


HOSTILE: dict[str, Callable[[Server, bytes], int]] = {
    "bytes that are not UTF-8": lambda server, _: post(server, b'{"Inputs": "\xff"}'),
    "a gzip body": lambda server, body: post(
        server, gzip.compress(body), **{"Content-Encoding": "gzip"}
    ),
    "an integer of 5 000 digits": lambda server, _: post(server, b'{"data": %s}' % (b"9" * 5000)),
    "nesting 990 deep": lambda server, _: post(
        server, b'{"data": %s%s}' % (b"[" * 990, b"]" * 990)
    ),
    "nesting 100 000 deep": lambda server, _: post(server, b"[" * 100_000),
    "half a body, then closed": lambda server, _: half(server, "Content-Length: 1000", b'{"a"'),
    "half a chunked body, then closed": lambda server, _: half(
        server, "Transfer-Encoding: chunked", b'5\r\n{"a"'
    ),
    "an empty body": lambda server, _: post(server, b""),
    "a JSON array": lambda server, _: post(server, b"[]"),
    "UTF-16": lambda server, body: post(server, body.decode().encode("utf-16")),
    "UTF-8 with a byte order mark": lambda server, body: post(server, b"\xef\xbb\xbf" + body),
}


def test_the_servers_own_failures_are_listed_as_they_are(
    root: Path, score_server: Server, raw_json_server: Server
) -> None:
    """Each row of the table in docs/errors.md has the statuses that were just received."""
    page = (root / "docs" / "errors.md").read_text()
    rows = re.findall(r"^\| ([^|]+) \| (\d{3}) \| (\d{3}) \|$", page, re.MULTILINE)
    assert {name for name, _, _ in rows} == set(HOSTILE)
    doors = (score_server, raw_json_server)
    received = [
        (name, *(str(HOSTILE[name](door, good(root, door))) for door in doors))
        for name, _, _ in rows
    ]
    assert received == rows
