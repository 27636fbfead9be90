"""The body is read by the names and ports that the service has."""

from __future__ import annotations

import json
from typing import Any

import pytest
from studio_runtime.config import Config
from studio_runtime.errors import BadArgument
from studio_runtime.request import Call, Query, read_call, read_query

ONE, TWO = {"ColumnNames": ["a"], "Values": []}, {"ColumnNames": ["b"], "Values": []}


def call(inputs: dict[str, Any], most: int = 2, **config: Any) -> Call:
    body = json.dumps({"Inputs": inputs}).encode()
    return read_call(body, Config.model_validate(config), most)


def test_ports_are_fixed_or_connected() -> None:
    """By default an input keeps its place; connected, the first that is there comes first."""
    one, two = ("input1", ONE), ("input2", TWO)
    assert call({"input2": TWO}).inputs == (("input1", None), two)
    assert call({"input2": TWO}, mapping="connected").inputs == (two, ("", None))
    assert call({"input2": TWO, "input1": ONE}, mapping="connected").inputs == (one, two)
    assert call({"input2": TWO}, most=1, mapping="connected").inputs == (two,)
    assert call({"input1": ONE, "input2": None}).inputs == (one, ("input2", None))


def test_a_script_without_parameters_needs_no_input() -> None:
    """Nothing is missing then; and nothing may be sent."""
    assert call({}, most=0).inputs == ()
    with pytest.raises(BadArgument, match="there are: none"):
        call({"input1": ONE}, most=0)


def test_names_are_the_profiles_or_ones_own() -> None:
    """A profile answers its own names only."""
    assert call({"WebServiceInput0": []}).profile == "designer"
    assert call({"input1": ONE}).profile == "classic"
    assert call({"WebServiceInput0": []}, profile="designer").shape == "list"
    names = {"inputs": ("scores",), "outputs": ("result",)}
    assert call({"scores": ONE}, most=1, names=names).names.outputs == ("result",)


@pytest.mark.parametrize(
    ("inputs", "most", "config", "code"),
    [
        ({"input1": ONE}, 2, {"profile": "designer"}, "InvalidInputNames"),
        ({"input2": TWO}, 1, {}, "InvalidInputNames"),
        ({"input1": ONE, "input2": TWO}, 1, {"mapping": "connected"}, "InvalidInputNames"),
        ({"Input1": ONE}, 2, {}, "InvalidInputNames"),
        ({"input1": None}, 2, {}, "MissingRequestInput"),
        ({"input1": "a"}, 2, {}, "InputParseError"),
        ({"input1": ONE, "input2": []}, 2, {}, "RequestBodyInvalid"),
    ],
)
def test_other_names_are_refused(
    inputs: dict[str, Any], most: int, config: dict[str, Any], code: str
) -> None:
    """With Studio's code."""
    with pytest.raises(BadArgument) as refusal:
        call(inputs, most, **config)
    assert refusal.value.body()["error"]["details"][0]["code"] == code


def test_the_query_is_read() -> None:
    """Case counts little in its values; a value given twice is refused."""
    assert read_query({}) == Query()
    asked = {"details": ["True"], "format": ["swagger"], "device": ["true"], "images": ["concat"]}
    assert read_query(asked) == Query("list", details=True, device=True, concat=True)
    with pytest.raises(BadArgument, match="details"):
        read_query({"details": ["true", "false"]})
