"""The quicker reader of JSON takes nothing otherwise than azmlinfsrv's."""

from __future__ import annotations

import inspect
import os
import random
import struct
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, request

# The package reads its settings where it is imported.
os.environ.setdefault("AML_APP_ROOT", os.path.dirname(__file__))  # noqa: PTH120

from azureml_inference_server_http.server.input_parsers import BadInput, ObjectInput

from host import json_input
from host.json_input import QuickObjectInput, quicker

#: Damaged bodies; each takes a millisecond. HOST_BODIES=500000 for the long run.
BODIES = int(os.environ.get("HOST_BODIES", "4000"))

PARAMETERS = [
    inspect.Parameter("a", inspect.Parameter.POSITIONAL_OR_KEYWORD),
    inspect.Parameter("b", inspect.Parameter.POSITIONAL_OR_KEYWORD, default=None),
]

SEEDS = [
    b'{"a": {"data": [{"age": 0.0380759064, "n": 12, "s": "K\xc3\xb6ln \\u00e9"}]}, "b": -1.5e-7}',
    b'{"a": [true, null, -0, -0.0, 1e22, 123456789012345678901234567890, 1E+2], "b": [[]]}',
    b'{"a": [1.7976931348623157e308, 5e-324, 9007199254740993, 18446744073709551616]}',
    b'{"a": 1, "a": 2, "b": {"c": 1, "d": 2, "c": 3}}',
    b'{"a": "\\ud83d\\ude00 \\"\\\\ \\/ \\b", "b": "\\ud83d"}',
]
PIECES = [
    *(bytes([c]) for c in b'0-.eE+19"\\{}[],: \t\n\x00\x1f\xff'),
    *(b"\\u", b"d800", b"\xc3", b"NaN", b"Infinity", b"true", b"null", b"\xef\xbb\xbf"),
    *(b"99999999999999999999", b"e400", b"e-400", b"00", b'"a"'),
]


def exact(value: Any) -> Any:
    """Return a value in a form that is equal only for equal types, bits and order of keys."""
    if isinstance(value, dict):
        return [(key, exact(inner)) for key, inner in value.items()]
    if isinstance(value, list):
        return [exact(inner) for inner in value]
    if isinstance(value, float):
        return struct.pack("d", value)
    return type(value), value


@pytest.fixture(scope="module")
def read() -> Callable[[Any, bytes], Any]:
    app = Flask("test")

    def by(parser: Any, body: bytes) -> Any:
        with app.test_request_context(
            "/score", method="POST", data=body, content_type="application/json"
        ):
            try:
                return exact(parser(request))
            except (BadInput, ValueError, RecursionError) as error:
                return str(error)

    return by


def test_every_body_is_read_or_refused_as_azmlinfsrv_does(
    read: Callable[[Any, bytes], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of thousands of damaged bodies none is read otherwise, none refused in other words."""
    theirs, ours = ObjectInput(PARAMETERS), quicker(ObjectInput(PARAMETERS))
    assert isinstance(ours, QuickObjectInput)
    slow = 0
    original = ObjectInput._parse_post_input

    def counted(self: Any, asked: Any) -> Any:
        nonlocal slow
        slow += isinstance(self, QuickObjectInput)
        return original(self, asked)

    monkeypatch.setattr(ObjectInput, "_parse_post_input", counted)
    chance = random.Random(18)  # noqa: S311 - reproducible, not secret
    for _ in range(BODIES):
        raw = bytearray(chance.choice(SEEDS))
        for _ in range(chance.randint(0, 3)):
            place = chance.randrange(len(raw))
            raw[place : place + chance.randint(0, 2)] = chance.choice(PIECES)
        body = bytes(raw)
        assert read(ours, body) == read(theirs, body), body
    # The quick way was taken by many, or this compares azmlinfsrv with itself.
    assert BODIES / 10 < BODIES - slow < BODIES


def test_without_msgspec_azmlinfsrvs_parser_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """The package is optional."""
    monkeypatch.setattr(json_input, "msgspec", None)
    parser = ObjectInput(PARAMETERS)
    assert quicker(parser) is parser
