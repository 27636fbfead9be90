"""scoring.parameters.choice: one of a few words, or what may be said instead."""

from __future__ import annotations

from typing import Any

import pytest
from scoring.errors import InvalidInput
from scoring.parameters.choice import LISTED_WORDS, Choice, Version, expected_one
from scoring.parameters.nested import Nested


def test_a_word_is_taken_as_it_is() -> None:
    """Each of the words is accepted, and the Swagger lists them all."""
    choice = Choice(["predict", "predict_proba"])
    assert choice.convert("predict_proba", "G.method") == "predict_proba"
    schema = {"type": "string", "enum": ["predict", "predict_proba"], "example": "predict"}
    assert choice.input_to_swagger() == schema
    assert Choice(["a", "b"], "b").input_to_swagger()["example"] == "b"


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("fit", 'string "fit"'),
        ("PREDICT", 'string "PREDICT"'),
        (5, "number 5"),
        (None, "null"),
        (["predict"], "an array of 1"),
        ("x" * 100, f'string "{"x" * 40}..."'),
    ],
)
def test_everything_else_is_named_as_what_it_is(value: Any, found: str) -> None:
    """The answer says what may be sent, and what was."""
    with pytest.raises(InvalidInput) as caught:
        Choice(["predict"]).convert(value, "G.method")
    (problem,) = caught.value.problems
    assert (problem.where, problem.expected, problem.found) == ("G.method", '"predict"', found)


def test_what_was_meant_is_suggested() -> None:
    """Among several words the nearest is named; of very many only the first are listed."""
    assert (
        expected_one(["alpha", "beta"], "Alpa") == 'one of "alpha", "beta" (did you mean "alpha"?)'
    )
    assert expected_one(["alpha", "beta"], 5) == 'one of "alpha", "beta"'
    many = [f"model_{i}" for i in range(LISTED_WORDS + 10)]
    said = expected_one(many, "model_59x")
    assert said.endswith('"model_49" and 10 more (did you mean "model_59"?)')


@pytest.mark.parametrize(("value", "read"), [("2", "2"), (2, "2"), (2.0, "2"), ("9", "9")])
def test_a_version_may_be_a_number(value: object, read: str) -> None:
    """A whole number does for a version; whether it is one, the catalog decides."""
    kind = Nested({"version": Version(["1", "2"])})
    assert kind.convert({"version": value}, "G") == {"version": read}


@pytest.mark.parametrize("value", [True, 1.5, None, ["1"]])
def test_what_is_no_version_is_refused(value: object) -> None:
    """A boolean, a fraction, a list or nothing is no version."""
    with pytest.raises(InvalidInput, match=r'G\.version: expected one of "1", "2", found'):
        Nested({"version": Version(["1", "2"])}).convert({"version": value}, "G")
