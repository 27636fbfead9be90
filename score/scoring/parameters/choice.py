"""One of a few words: the methods, models and versions that a request may name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from inference_schema.parameter_types.abstract_parameter_type import AbstractParameterType

from scoring.errors import InvalidInput, Problem
from scoring.parameters.base import CheckedType, Nothing
from scoring.problems import Problems, describe, nearest, shorten

#: How many words an answer lists.
LISTED_WORDS = 50


class Choice(CheckedType, AbstractParameterType):
    """One of some words.

    Args:
        words: what may be said.
        example: one of them, for the Swagger; the first when not given.
    """

    def __init__(self, words: Sequence[str], example: str | None = None) -> None:
        self.words = tuple(words)
        AbstractParameterType.__init__(self, self.words[0] if example is None else example)
        self.sample_data_type = Nothing

    def check(self, value: Any, where: str, problems: Problems) -> Any:
        """Return the word."""
        if not isinstance(value, str) or value not in self.words:
            problems.add(where, where, expected_one(self.words, value), describe(value))
        return value

    @property
    def expected(self) -> str:
        """What an error says was expected where there is nothing: the words."""
        return expected_one(self.words, None)

    def input_to_swagger(self) -> dict[str, Any]:
        """Return a string schema that lists the words."""
        return {"type": "string", "enum": list(self.words), "example": self.sample_input}


class Version(Choice):
    """The version of a model, of all versions of all models.

    Whether it is one of the model that is named, `Catalog.pick` knows.
    """

    def check(self, value: Any, where: str, problems: Problems) -> Any:
        """Return a string; a whole number, which many write for a version, as a string."""
        if type(value) is int or (type(value) is float and value.is_integer()):
            return str(int(value))
        if not isinstance(value, str):
            problems.add(where, where, expected_one(self.words, value), describe(value))
        return value


def expected_one(words: Sequence[str], found: object) -> str:
    """Return the words as an error lists them, with the one that was probably meant."""
    listed = ", ".join(map(shorten, words[:LISTED_WORDS]))
    more = len(words) - LISTED_WORDS
    said = listed if len(words) == 1 else f"one of {listed}"
    near = nearest(found, list(words)) if isinstance(found, str) else None
    return (
        said
        + (f" and {more} more" if more > 0 else "")
        + (f" (did you mean {shorten(near)}?)" if near and len(words) > 1 else "")
    )


def not_one_of(words: Sequence[str], found: object, where: str) -> InvalidInput:
    """Return the error for what is none of the words; nothing at all when `found` is None."""
    said = "nothing" if found is None else describe(found)
    return InvalidInput(where, [Problem(where, expected_one(words, found), said)])
