"""The Studio door, over HTTP under the real azmlinfsrv."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from PIL import Image

from deploy.servers.azmlinfsrv import Server
from tests.score.studio_client import (
    action,
    classic,
    designer,
    post,
    refused,
    results,
    table,
)

SCRIPTS = Path(__file__).resolve().parents[1] / "data" / "studio"


@pytest.fixture(scope="module")
def server(start_server: Callable[..., Server], root: Path) -> Server:
    """A script that does what its first cell says, with limits low enough to reach."""
    return start_server(root / "score" / "studio.py", SCRIPTS / "actions")


def values(server: Server, body: Any, query: str = "") -> Any:
    return results(server, body, query)["output1"]["value"]["Values"]


def test_a_table_is_answered_with_a_table(server: Server) -> None:
    """All values are strings, missing ones null; names and types come with details only."""
    body = classic(input1=table(["do", "Data", "n"], ["echo", "x", "1"], ["", None, ""]))
    assert results(server, body) == {
        "output1": {"type": "table", "value": {"Values": [["x", "1"], [None, None]]}}
    }
    assert results(server, body, "api-version=2.0&details=true")["output1"]["value"] == {
        "ColumnNames": ["Data", "n"],
        "ColumnTypes": ["String", "Int32"],
        "Values": [["x", "1"], [None, None]],
    }


def test_a_list_is_answered_with_a_list(server: Server) -> None:
    """The old format's values stay strings, the designer's keep their types."""
    row = {"do": "echo", "n": "1", "x": 0.5}
    assert results(server, classic(input1=[row])) == {"output1": [{"n": "1", "x": "0.5"}]}
    answer = results(server, {"Inputs": {"WebServiceInput0": [row]}, "GlobalParameters": None})
    assert answer == {"WebServiceOutput0": [{"n": 1, "x": 0.5}]}


def test_the_format_asked_for_wins(server: Server) -> None:
    """`format` decides, whatever came in."""
    assert results(server, action("echo", a="1"), "format=swagger") == {"output1": [{"a": "1"}]}
    answer = results(server, designer("echo", a=1), "format=table&details=true")
    assert answer["WebServiceOutput0"]["value"]["ColumnTypes"] == ["Int32"]


def test_every_type_has_its_form(server: Server) -> None:
    """Classic writes 15 digits and Infinity, the designer all digits and inf."""
    answer = results(server, action("values"), "details=true")["output1"]["value"]
    assert dict(zip(answer["ColumnNames"], answer["ColumnTypes"], strict=True)) == {
        "float": "Double",
        "int": "Int64",
        "bool": "Boolean",
        "text": "String",
        "when": "DateTime",
        "span": "TimeSpan",
        "kind": "Int32",
        "bytes": "String",
        "exact": "String",
    }
    first, second = answer["Values"]
    when = "2010-05-30T18:07:00"
    assert first == ["0.3", "1", "True", "007", when, "1.02:03:04.5000000", "3", "YWI=", "1.10"]
    assert second[0] == "Infinity"
    assert second[3:6] == [None, None, "-01:00:00"]
    typed = results(server, designer("values"))["WebServiceOutput0"]
    assert json.dumps(typed[0]["float"]) == "0.30000000000000004"
    assert (typed[0]["bool"], typed[0]["int"], typed[1]["float"]) == (True, 1, "inf")


def test_ports_are_fixed(server: Server) -> None:
    """The second input alone arrives as the second table."""
    body = classic(input2=table(["a"], ["1"], ["2"]))
    assert values(server, body) == [["False", "2"]]


@pytest.mark.parametrize("name", ["list", "echo"])
def test_a_list_of_one_is_a_table(server: Server, name: str) -> None:
    """`return df`, `return df,` and `return [df]` are the same."""
    assert values(server, action(name, a="007")) == [["007"]]


def test_none_is_an_empty_table(server: Server) -> None:
    """A bare None is answered, as Studio did."""
    assert values(server, action("none")) == []


def test_a_second_table_is_the_designers(server: Server) -> None:
    """The designer has two outputs; the old service has one and says so."""
    second = [{"b": 1}]
    body = {"Inputs": {"WebServiceInput0": [{"do": "two", "a": 1}], "WebServiceInput1": second}}
    answer = results(server, body)
    assert answer == {"WebServiceOutput0": [{"a": 1}], "WebServiceOutput1": second}
    old = classic(input1=table(["do"], ["two"]), input2=table(["b"], ["1"]))
    assert refused(post(server, old))[:2] == (400, "ModuleExecutionError")


BAD_SCRIPTS = {
    "divide": "in function divide: 'ZeroDivisionError: division by zero'",
    "exit": "in function <lambda>: 'SystemExit: 3'",
    "exit hard": "with exit code 3",
    "abort": "by signal SIGABRT",
    "parse": "SyntaxError",
    "array": "a ndarray",
    "series": "a Series",
    "empty tuple": "a tuple of 0",
    "complex": 'column "z" has a complex in row 0',
}


@pytest.mark.parametrize("name", BAD_SCRIPTS)
def test_a_scripts_error_is_told(server: Server, name: str) -> None:
    """400 with what happened and where; the next request is served."""
    status, code, detail, message = refused(post(server, action(name)))
    assert (status, code, detail) == (400, "ModuleExecutionError", "0085")
    assert BAD_SCRIPTS[name] in message
    assert "Traceback" not in message
    assert values(server, action("echo", a="1")) == [["1"]]


def test_a_line_is_that_of_the_script(server: Server, root: Path) -> None:
    """The line is the one that raised; the traceback is in the log."""
    script = (root / "tests" / "data" / "studio" / "actions" / "script.py").read_text()
    line = 1 + script.split("\n").index("    return 1 / 0")
    assert f"at line {line} in function divide" in refused(post(server, action("divide")))[3]
    assert "Traceback" in server.log()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("loop", (408, "RequestTimeout")),
        ("sleep", (408, "RequestTimeout")),
        ("eat", (413, "MemoryQuotaViolation")),
    ],
)
def test_a_script_is_ended_at_its_limit(
    server: Server, name: str, expected: tuple[int, str]
) -> None:
    """Time and memory have codes of their own, and the worker lives."""
    assert refused(post(server, action(name)))[:2] == expected
    assert values(server, action("echo", a="1")) == [["1"]]


def test_nothing_survives_a_request(server: Server) -> None:
    """Files, modules, globals and processes of one request are gone at the next."""
    first = values(server, action("leave"))
    assert first == [["left.txt,locked", "1", "True"]]
    assert values(server, action("look")) == [["", "0", "False"]]


def test_processes_of_the_script_are_part_of_it(server: Server) -> None:
    """Joblib's workers do their work, and leave no semaphore; a child that returns says nothing."""
    shared = Path("/dev/shm")  # noqa: S108 - where Linux has semaphores
    before = set(shared.iterdir())
    answer = post(server, action("parallel"))
    # Starting them takes longer than the limit on a busy machine.
    if answer.status_code != 408:
        assert answer.json()["Results"]["output1"]["value"]["Values"] == [["0"], ["1"], ["2"]]
    assert set(shared.glob("*loky*")) <= before
    assert values(server, action("fork")) == [["1"]]


def test_random_numbers_differ(server: Server) -> None:
    """Every process has a seed of its own, although all have one parent."""
    assert values(server, action("random")) != values(server, action("random"))


def test_there_is_no_network(server: Server) -> None:
    """Where the kernel allows it the script reaches nobody, and the log says which it is."""
    log = server.log()
    if "processes have no network" in log:
        assert refused(post(server, action("connect")))[0] == 400
    else:
        assert "can reach the network" in log


def png(content: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(content)))


def test_the_device_is_answered(server: Server) -> None:
    """Console and pictures in one more output: sorted by name, bad ones left out with a word."""
    answer = results(server, action("paint"), "device=true")
    assert answer["output1"]["value"]["Values"] == [["2"]]
    device = answer["output2"]
    first, second = map(png, device["Graphics Device"])
    assert (first.size, second.size) == ((50, 10), (30, 20))
    assert "c.png is no PNG" in device["Standard Error"]


def test_pictures_are_stacked(server: Server) -> None:
    """`images=concat` gives one picture, white where the narrower one ends."""
    body = {"Inputs": {"WebServiceInput0": [{"do": "paint"}]}}
    answer = results(server, body, "device=true&images=concat")
    (content,) = answer["WebServiceOutput1"]["Graphics Device"]
    with png(content) as sheet:
        assert sheet.size == (50, 30)
        places = ((0, 0), (0, 10), (49, 29))
        assert [sheet.getpixel(place) for place in places] == [
            (0, 0, 255),
            (255, 0, 0),
            (255, 255, 255),
        ]


def test_the_console_is_cut(server: Server) -> None:
    """What is printed is answered up to the limit; descriptors count too."""
    device = results(server, action("talk"), "device=true")["output2"]
    assert device["Standard Output"].startswith("é" * 499)
    assert "cut after 1000 bytes" in device["Standard Output"]
    assert device["Standard Error"] == "raw\n"


@pytest.mark.parametrize(
    ("name", "setting"), [("paint much", "images"), ("paint large", "image_pixels")]
)
def test_pictures_have_limits(server: Server, name: str, setting: str) -> None:
    """The limit is named; without `device` nobody asked for the pictures."""
    status, _, _, message = refused(post(server, action(name), "device=true"))
    assert status == 413
    assert f"limits.{setting}" in message
    assert post(server, action(name)).status_code == 200


BAD_REQUESTS: dict[str, tuple[Any, str, str]] = {
    "no JSON": (b"{", "", "RequestBodyInvalid"),
    "not UTF-8": (b'{"Inputs": "\xff"}', "", "RequestBodyInvalid"),
    "an array": (b"[]", "", "RequestBodyInvalid"),
    "no Inputs": (b"{}", "", "RequestBodyInvalid"),
    "NaN": (b'{"Inputs": NaN}', "", "RequestBodyInvalid"),
    "a key twice": (b'{"Inputs": {}, "Inputs": {}}', "", "RequestBodyInvalid"),
    "deep": (b"[" * 100_000, "", "RequestBodyInvalid"),
    "no input": (classic(), "", "MissingRequestInput"),
    "an unknown input": (classic(input3=[]), "", "InvalidInputNames"),
    "names of both": (classic(input1=[], WebServiceInput1=[]), "", "InvalidInputNames"),
    "mixed": (classic(input1=[], input2=table(["a"])), "", "RequestBodyInvalid"),
    "a parameter": ({"Inputs": {}, "GlobalParameters": {"a": 1}}, "", "UnexpectedParameter"),
    "a short row": (classic(input1=table(["do", "a"], ["echo"])), "", "InputParseError"),
    "other keys": (classic(input1=[{"do": "echo"}, {"a": 1}]), "", "InputParseError"),
    "a nested cell": (classic(input1=[{"do": []}]), "", "InputParseError"),
    "an unknown format": (action("echo"), "format=xml", "InvalidQueryParameter"),
    "an unknown query": (action("echo"), "detials=true", "InvalidQueryParameter"),
    "another version": (action("echo"), "api-version=1.0", "InvalidQueryParameter"),
}


@pytest.mark.parametrize("name", BAD_REQUESTS)
def test_a_bad_request_is_told_why(server: Server, name: str) -> None:
    """400 BadArgument with Studio's code for it."""
    body, query, code = BAD_REQUESTS[name]
    data = body if isinstance(body, bytes) else json.dumps(body)
    answer = requests.post(f"{server.score_url}?{query}", data=data, timeout=60)
    assert refused(answer)[:3] == (400, "BadArgument", code)


@pytest.mark.parametrize(
    ("body", "setting"),
    [
        (action("echo", a="x" * 1_000_001), "body_bytes"),
        (classic(input1=table(["a"], *[["1"]] * 1001)), "rows"),
        (classic(input1=table([str(i) for i in range(21)])), "columns"),
        (classic(input1=table(list("abcdef"), *[["1"] * 6] * 900)), "cells"),
    ],
)
def test_requests_have_limits(server: Server, body: Any, setting: str) -> None:
    """413 with the limit's name and value."""
    status, code, _, message = refused(post(server, body))
    assert (status, code) == (413, "RequestEntityTooLarge")
    assert f"limits.{setting}" in message


def test_methods(server: Server) -> None:
    """POST scores, OPTIONS says so, everything else is refused in Studio's words."""
    assert requests.options(server.score_url, timeout=60).status_code == 200
    for method in ("GET", "PUT", "DELETE"):
        answer = requests.request(method, server.score_url, timeout=60)
        assert refused(answer)[0] == 405
        assert "POST" in answer.headers["Allow"]


def test_a_compressed_body_is_refused_in_studios_words(server: Server) -> None:
    """What the library refuses has the old service's shape too."""
    headers = {"Content-Encoding": "gzip"}
    answer = requests.post(server.score_url, data=b"x", headers=headers, timeout=60)
    assert refused(answer)[:3] == (415, "BadArgument", "UnsupportedMediaType")


def test_duplicate_columns_are_numbered(server: Server) -> None:
    """The first keeps its name."""
    answer = results(server, action("twice"), "details=true")["output1"]["value"]
    assert answer["ColumnNames"] == ["a", "a (1)", "a (2)"]


def test_zero_rows_keep_their_columns(start_server: Callable[..., Server], root: Path) -> None:
    """A table without rows is answered with its columns."""
    server = start_server(root / "score" / "studio.py", SCRIPTS / "sample")
    answer = results(server, classic(input1=table(["a", "b"])), "details=true")
    assert answer["output1"]["value"]["ColumnNames"] == ["a", "b"]
    assert answer["output1"]["value"]["Values"] == []


#: Requests and answers as the documentation of the old service printed them.
DOCUMENTED = [
    (
        "details=true",
        """{"Inputs": {"input1": {"ColumnNames": ["surface"], "Values": [["100"]]}},
            "GlobalParameters": {}}""",
        """{"Results": {"output1": {"type": "table", "value": {
            "ColumnNames": ["surface", "Scored Labels"], "ColumnTypes": ["Int32", "Double"],
            "Values": [["100", "100749.893789066"]]}}}}""",
    ),
    (
        "api-version=2.0",
        """{"Inputs": {"input1": {"ColumnNames": ["Time", "Data"],
            "Values": [["5/30/2010 18:07:00", "1"]]}}, "GlobalParameters": {}}""",
        """{"Results": {"output1": {"type": "table", "value": {
            "Values": [["5/30/2010 18:07:00", "1"]]}}}}""",
    ),
    (
        "api-version=2.0&format=swagger",
        """{"Inputs": {"input1": [{"column1": "value1"}]}}""",
        """{"Results": {"output1": [{"Scored Labels": "1"}]}}""",
    ),
]


@pytest.mark.parametrize(("query", "request_text", "answer_text"), DOCUMENTED)
def test_documented_samples_byte_for_byte(
    start_server: Callable[..., Server],
    root: Path,
    query: str,
    request_text: str,
    answer_text: str,
) -> None:
    """Keys in their order, values as strings; only the spaces of the page are ours."""
    server = start_server(root / "score" / "studio.py", SCRIPTS / "sample")
    answer = requests.post(f"{server.score_url}?{query}", data=request_text, timeout=60)
    assert answer.text == json.dumps(json.loads(answer_text))
    assert answer.headers["Content-Type"] == "application/json"


def test_the_servers_own_alarm_mixes_no_answers(
    start_server: Callable[..., Server], root: Path
) -> None:
    """After a `Scoring timeout` of azmlinfsrv the next request gets its own answer."""
    environ = {"SCORING_TIMEOUT_MS": "700"}
    server = start_server(root / "score" / "studio.py", SCRIPTS / "actions", environ=environ)
    status, code, _, message = refused(post(server, action("sleep")))
    assert (status, code) == (500, "InternalError")
    assert "timeout" in message
    assert values(server, action("echo", a="mine")) == [["mine"]]
