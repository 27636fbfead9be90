"""scoring.http.json_body: a body that a door reads by itself."""

from __future__ import annotations

import pytest
from scoring.errors import ClientError
from scoring.http.json_body import json_object, parse_object

JSON = {"Content-Type": "application/json"}


def test_an_object_is_returned() -> None:
    """A JSON object is what it says."""
    assert json_object('{"data": [1.5, null]}', JSON) == {"data": [1.5, None]}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_every_encoding_of_json_is_read(encoding: str) -> None:
    """As in the doors whose body Azure's server reads, and with or without a byte order mark."""
    text = '{"city": "Zürich"}'
    assert json_object(text.encode(encoding), JSON) == {"city": "Zürich"}
    assert json_object("\ufeff" + text, JSON) == {"city": "Zürich"}


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("", "The body is empty .content type: application/json"),
        ("{", "The body is not JSON: "),
        (b"\xff", "The body is not UTF-8"),
        ("[1]", "the body: expected an object, found an array of 1"),
        ('"text"', 'the body: expected an object, found string "text"'),
        ("9" * 5_000, "too many digits"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_everything_else_is_the_clients_fault(body: str | bytes, says: str) -> None:
    """What cannot be read is a 400 that says why."""
    with pytest.raises(ClientError, match=says):
        json_object(body, JSON)


@pytest.mark.parametrize("text", ["", "{", "[1]", "9" * 5_000, "[" * 100_000])
def test_a_field_is_named(text: str) -> None:
    """The messages about a form's field name it, not the body."""
    with pytest.raises(ClientError, match=r"^(1 problem in )?options"):
        parse_object(text, "options")


def test_a_form_is_recognised() -> None:
    """The content type that curl sends by itself is named, as that is why the body is empty."""
    with pytest.raises(ClientError, match="application/x-www-form-urlencoded"):
        json_object("", {"Content-Type": "application/x-www-form-urlencoded"})
