"""The image door, over HTTP under the real azmlinfsrv."""

from __future__ import annotations

import base64
import io
import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
import requests
from PIL import Image

from deploy.servers.azmlinfsrv import Server

ALLOWED = "https://app.example.com"


@pytest.fixture(scope="module")
def server(start_server: Callable[..., Server], root: Path, digits_model: Path) -> Server:
    """The door with limits low enough to reach and one origin allowed."""
    environ = {
        "SCORING_MAX_IMAGES": "3",
        "SCORING_MAX_IMAGE_BYTES": "200000",
        "SCORING_MAX_IMAGE_PIXELS": "2000000",
        "SCORING_MAX_BODY_BYTES": "1000000",
        "AML_CORS_ORIGINS": f"{ALLOWED}, http://localhost:8080",
    }
    return start_server(root / "score" / "image.py", digits_model, environ=environ)


def post(server: Server, **request: Any) -> requests.Response:
    return requests.post(server.score_url, timeout=60, **request)


def base64_of(path: Path) -> str:
    return base64.b64encode(path.read_bytes()).decode()


@pytest.mark.parametrize("digit", range(10))
def test_a_file_is_read(server: Server, digit_pictures: dict[int, Path], digit: int) -> None:
    """One file gives one object: label, probability of every class, size as received."""
    path = digit_pictures[digit]
    with path.open("rb") as file:
        answer = post(server, files={"image": file})
    body = answer.json()
    assert (answer.status_code, body["label"]) == (200, digit)
    assert list(body["probabilities"]) == [str(label) for label in range(10)]
    assert sum(body["probabilities"].values()) == pytest.approx(1)
    assert max(body["probabilities"], key=body["probabilities"].get) == str(digit)
    with Image.open(path) as image:
        assert (body["width"], body["height"]) == image.size


def test_every_way_of_sending_gives_the_same(
    server: Server, digit_pictures: dict[int, Path]
) -> None:
    """File, raw body, base64 and data URI answer alike."""
    path = digit_pictures[4]
    content, encoded = path.read_bytes(), base64_of(path)
    lines = "\n".join(encoded[i : i + 76] for i in range(0, len(encoded), 76))
    answers = [
        post(server, files={"image": content}),
        post(server, data=content, headers={"Content-Type": "image/jpeg"}),
        post(server, json={"image": encoded}),
        post(server, json={"image": lines}),
        post(server, json={"image": f"data:image/jpeg;base64,{encoded}"}),
        post(server, files={"image": content}, data={"data": '{"polarity": "light on dark"}'}),
        post(server, json={"image": encoded, "data": {"polarity": "light on dark"}}),
    ]
    assert [answer.status_code for answer in answers] == [200] * len(answers)
    assert all(answer.json() == answers[0].json() for answer in answers)


def test_several_files_keep_their_order(server: Server, digit_pictures: dict[int, Path]) -> None:
    """Several pictures give a list in the order sent; a JSON list gives one even of one."""
    files = [("image", digit_pictures[digit].read_bytes()) for digit in (7, 0, 3)]
    assert [one["label"] for one in post(server, files=files).json()] == [7, 0, 3]
    one = post(server, json={"image": [base64_of(digit_pictures[2])]}).json()
    assert [item["label"] for item in one] == [2]


def test_a_body_in_chunks_is_read(server: Server, digit_pictures: dict[int, Path]) -> None:
    """A body without a length is read like any other."""
    content = digit_pictures[6].read_bytes()
    halves = iter([content[:500], content[500:]])
    answer = post(server, data=halves, headers={"Content-Type": "image/png"})
    assert answer.json()["label"] == 6


def test_get_says_what_this_is(server: Server) -> None:
    """A GET tells formats, limits and the full path of the request."""
    answer = requests.get(f"{server.score_url}?a=1&b=x%20y", timeout=60)
    body = answer.json()
    assert answer.status_code == 200
    assert body["limits"] == {
        "body_bytes": 1_000_000,
        "images": 3,
        "image_bytes": 200_000,
        "image_pixels": 2_000_000,
        "image_memory": 500_000_000,
        "image_seconds": 5,
    }
    assert body["service"] == "Reads the handwritten digit in each picture."
    assert body["options"] == {"polarity": ["dark on light", "light on dark"]}
    assert body["full_path"] == "/score?a=1&b=x%20y"
    head = requests.head(server.score_url, timeout=60)
    assert (head.status_code, head.text) == (200, "")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_told_which_ones_are_allowed(server: Server, method: str) -> None:
    """405 with `Allow`, although azmlinfsrv itself answers these."""
    answer = requests.request(method, server.score_url, timeout=60)
    assert answer.status_code == 405
    assert answer.json()["message"]
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


def png(width: int, height: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("1", (width, height)).save(buffer, "PNG")
    return buffer.getvalue()


def dot() -> bytes:
    """A PNG with a black square in the middle: not empty."""
    image = Image.new("L", (30, 30), 255)
    image.paste(0, (12, 8, 18, 22))
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


DOT = dot()
PICTURE = {"Content-Type": "image/png"}
MULTIPART = {"Content-Type": "multipart/form-data"}
OCTETS = {"Content-Type": "application/octet-stream"}
BAD_REQUESTS: dict[str, tuple[int, dict[str, Any], str]] = {
    "raw PDF": (400, {"data": b"%PDF-1.7", "headers": PICTURE}, "PDF"),
    "no bytes": (400, {"data": b"", "headers": PICTURE}, "zero bytes"),
    "text as a file": (400, {"files": {"image": b"hello"}}, "text"),
    "second of two": (400, {"files": [("image", DOT), ("image", b"x")]}, "image[1]"),
    "empty picture": (400, {"files": {"image": png(9, 9)}}, "empty"),
    "other field": (400, {"files": {"photo": b"x"}}, "photo"),
    "no file name": (400, {"files": {"image": (None, "x")}}, 'without filename="..."'),
    "data alone": (400, {"files": {"data": (None, "{}")}}, "found nothing"),
    "data no JSON": (400, {"files": {"image": b"x"}, "data": {"data": "{"}}, "data is not JSON"),
    "data twice": (400, {"files": {"image": b"x"}, "data": {"data": ["{}", "{}"]}}, "data"),
    "data with a typo": (400, {"json": {"image": "eA==", "data": {"polarty": 1}}}, "polarity"),
    "no boundary": (
        400,
        {"data": "x", "headers": MULTIPART},
        "without its boundary",
    ),
    "a part without a name": (
        400,
        {
            "data": b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n",
            "headers": {"Content-Type": "multipart/form-data; boundary=b"},
        },
        '[""]',
    ),
    "JSON list": (400, {"json": []}, "object"),
    "JSON without image": (400, {"json": {}}, "image"),
    "JSON number": (400, {"json": {"image": 7}}, "image"),
    "JSON empty list": (400, {"json": {"image": []}}, "image"),
    "no base64": (400, {"json": {"image": "ä"}}, "base64"),
    "a link": (400, {"json": {"image": "https://example.com/x.png"}}, "base64"),
    "unknown key": (400, {"json": {"image": "eA==", "imgae": 1}}, "imgae"),
    "misspelt key": (400, {"json": {"imgae": "eA=="}}, 'there is "imgae"'),
    "no JSON": (400, {"data": "{", "headers": {"Content-Type": "application/json"}}, "not JSON"),
    "not UTF-8": (400, {"data": b"\xff", "headers": {"Content-Type": "application/json"}}, "UTF-8"),
    "no type": (415, {"data": b"x"}, "multipart/form-data"),
    "form": (415, {"data": {"image": "x"}}, "multipart/form-data"),
    "octets": (
        400,
        {"data": b"x", "headers": OCTETS},
        "text, 1 bytes",
    ),
    "gzip": (415, {"data": b"x", "headers": PICTURE | {"Content-Encoding": "gzip"}}, "compressed"),
    "pixels": (413, {"files": {"image": png(2001, 1000)}}, "2000000 pixels"),
    "raw bytes": (413, {"data": bytes(200_001), "headers": PICTURE}, "200000 bytes"),
    "file bytes": (413, {"files": {"image": bytes(200_001)}}, "200000 bytes"),
    "base64 bytes": (413, {"json": {"image": "A" * 300_000}}, "200000 bytes"),
    "files": (413, {"files": [("image", png(9, 9))] * 4}, "SCORING_MAX_IMAGES"),
    "body": (413, {"files": [("image", bytes(190_000))] * 6}, "SCORING_MAX_BODY_BYTES"),
    "huge body": (413, {"data": bytes(50_000_000), "headers": PICTURE}, "SCORING_MAX_BODY_BYTES"),
}


@pytest.mark.parametrize("name", BAD_REQUESTS)
def test_what_cannot_be_read_is_explained(server: Server, name: str) -> None:
    """A client's fault has its own status and a message that says what to mend."""
    status, request, said = BAD_REQUESTS[name]
    answer = post(server, **request)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/json")
    body = answer.json()
    problems = [text for error in body.get("errors", []) for text in error.values()]
    assert said in " ".join([body["message"], *problems])
    assert len(answer.text) < 1000


def test_a_chunked_body_is_limited_too(server: Server) -> None:
    """Without a length the limit holds as well."""
    chunks = (bytes(100_000) for _ in range(20))
    answer = post(server, data=chunks, headers=PICTURE)
    assert answer.status_code == 413


def test_a_client_that_leaves_is_survived(server: Server, digit_pictures: dict[int, Path]) -> None:
    """Half a body and a closed connection leave the service able to answer the next."""
    with socket.create_connection(("127.0.0.1", server.port)) as client:
        head = "POST /score HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\nContent-Length: 999"
        client.sendall(head.encode() + b"\r\n\r\nhalf")
    answer = post(server, data=digit_pictures[0].read_bytes(), headers=PICTURE)
    assert answer.json()["label"] == 0


def test_memory_does_not_grow(server: Server, digit_pictures: dict[int, Path]) -> None:
    """1 000 bad uploads later the worker needs what it needed before."""
    content = digit_pictures[3].read_bytes()
    bad: list[dict[str, Any]] = [
        {"data": content[:50_000], "headers": {"Content-Type": "image/jpeg"}},
        {"files": {"image": bytes(190_000)}},
        {"data": png(2001, 1000), "headers": PICTURE},
        {"json": {"image": "A" * 250_000}},
    ]
    worker = psutil.Process(server.pid).children(recursive=True)[-1]

    def upload(times: int) -> None:
        with requests.Session() as session:
            for _ in range(times // len(bad)):
                for request in bad:
                    assert session.post(server.score_url, timeout=60, **request).status_code >= 400

    upload(100)
    before = worker.memory_info().rss
    upload(1000)
    assert worker.memory_info().rss - before < 8_000_000


#: What the door can be asked, what it answers, and how many pictures it scored.
LOGGED: dict[str, tuple[str, dict[str, Any], int, int | None]] = {
    "one": ("POST", {"files": {"image": DOT}}, 200, 1),
    "three": ("POST", {"files": [("image", DOT)] * 3}, 200, 3),
    "bad": ("POST", {"data": b"x", "headers": PICTURE}, 400, None),
    "type": ("POST", {"data": b"x"}, 415, None),
    "large": ("POST", {"data": bytes(200_001), "headers": PICTURE}, 413, None),
    "tells": ("GET", {}, 200, None),
    "head": ("HEAD", {}, 200, None),
    "preflight": ("OPTIONS", {"headers": {"Origin": ALLOWED}}, 204, None),
    "method": ("DELETE", {}, 405, None),
}


@pytest.mark.parametrize("name", LOGGED)
def test_every_request_leaves_one_line(server: Server, name: str) -> None:
    """Id, status, time and pictures, once, whoever answers: the door or azmlinfsrv itself."""
    method, request, status, pictures = LOGGED[name]
    headers = request.get("headers", {}) | {"x-request-id": f"line-{name}"}
    answer = requests.request(
        method, server.score_url, timeout=60, **(request | {"headers": headers})
    )
    assert (answer.status_code, answer.headers["x-request-id"]) == (status, f"line-{name}")
    (line,) = [line for line in server.log().splitlines() if f'"line-{name}"' in line]
    found = json.loads(line.partition(" - ")[2])
    assert found.pop("ms") > 0
    assert found == {"request_id": f"line-{name}", "status": status, "rows": pictures}


def test_the_log_has_no_picture(server: Server, digit_pictures: dict[int, Path]) -> None:
    """The line says how it ended, nothing of what was sent."""
    body = {"image": base64_of(digit_pictures[2]), "data": {"polarity": "secret-polarity"}}
    headers = {"x-request-id": "picture-log"}
    assert post(server, json=body, headers=headers).status_code == 400
    assert "picture-log" in server.log()
    assert "secret-polarity" not in server.log()


def test_a_setting_that_is_no_number_stops_the_start(root: Path, digits_model: Path) -> None:
    """A wrong limit is reported with its name."""
    from deploy.servers.azmlinfsrv import ServerFailed

    environ = {"SCORING_MAX_IMAGES": "many"}
    with pytest.raises(ServerFailed, match="SCORING_MAX_IMAGES"):
        Server(root / "score" / "image.py", digits_model, environ=environ).__enter__()
