"""scoring.outputs.body: the body of an answer that is no error, and its rows."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
from scoring.errors import OutputMismatch
from scoring.outputs.body import success
from scoring.parameters.results import Results


@pytest.mark.parametrize(
    ("result", "body", "rows"),
    [
        (np.array(5.5), 5.5, 1),
        ({"Results": np.array([[5.5]]).squeeze()}, {"Results": 5.5}, 1),
        (np.ma.masked, None, 1),
        ({"model": "m", "R": np.zeros((2, 3))}, {"model": "m", "R": [[0.0] * 3] * 2}, 2),
        ([1, 2, 3], [1, 2, 3], 3),
        ("text", "text", None),
        (' {"a": [1, 2]}', {"a": [1, 2]}, 2),
        (json.dumps({"a": [math.nan, "NaN"], "b": -math.inf}), {"a": [None, "NaN"], "b": None}, 2),
        ("[1", "[1", None),
        ("5", "5", None),
        ('"x"', '"x"', None),
        pytest.param("[" * 100_000, "[" * 100_000, None, id="deep"),
        ("😀", "😀", None),
    ],
)
def test_a_result_has_a_body_and_rows(result: Any, body: Any, rows: int | None) -> None:
    """A result leaves as JSON once, a text that is JSON as that, and its rows are counted."""
    sent, counted = success(result, None)
    assert json.loads(sent) == body
    assert counted == rows


def test_json_text_keeps_every_digit() -> None:
    """A text that is JSON is sent as it is: no digit and no second key is lost."""
    text = '{"a": 1.00000000000000000001, "a": 2}'
    assert success(text, None) == (text.encode(), 1)


def circle() -> list[Any]:
    items: list[Any] = []
    items.append(items)
    return items


@pytest.mark.parametrize(
    ("result", "reason"),
    [
        ([1j], "complex"),
        (circle(), "holds itself"),
        pytest.param(10**5000, "4300", id="digits"),
        ("\ud800", "surrogates"),
        ({"\udfff": 1}, "surrogates"),
    ],
)
def test_what_cannot_be_sent_is_said(result: Any, reason: str) -> None:
    """A result without a JSON form is the service's fault, with the reason for the log."""
    with pytest.raises(OutputMismatch, match=f"cannot be sent: .*{reason}"):
        success(result, None)


def test_a_declared_text_is_a_text() -> None:
    """Where a text is declared, one that looks like JSON stays a text."""
    assert success('{"a": 1}', {"type": "string"}) == (b'"{\\"a\\": 1}"', None)


def test_other_results_than_declared_are_refused() -> None:
    """What the types do not guarantee is looked at value by value."""
    declared = Results(predict=1.5).input_to_swagger()
    assert success({"Results": np.array([1.5, 2.5])}, declared) == (b'{"Results": [1.5, 2.5]}', 2)
    with pytest.raises(OutputMismatch, match=r"Results\[0\]: declared number"):
        success({"Results": np.array(["a"])}, declared)
