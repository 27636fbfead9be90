"""scoring.parameters.third_party.

Types of somebody else's convert by themselves, and their failures are named.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from inference_schema.parameter_types.abstract_parameter_type import AbstractParameterType
from inference_schema.parameter_types.numpy_parameter_type import NumpyParameterType
from inference_schema.parameter_types.standard_py_parameter_type import StandardPythonParameterType
from scoring.errors import ClientError, InvalidInput
from scoring.parameters.nested import Nested
from scoring.parameters.third_party import ThirdParty


class Version(AbstractParameterType):  # type: ignore[misc]
    """A pair of numbers, sent as text with a dot."""

    def deserialize_input(self, input_data: Any) -> Any:
        """Return the pair, and fail as such types do."""
        major, minor = input_data.split(".")
        return int(major), int(minor)

    def input_to_swagger(self) -> dict[str, Any]:
        """Return a schema of text."""
        return {"type": "string", "example": "1.2"}


class Own(StandardPythonParameterType):  # type: ignore[misc]
    """A plain type with a name of its own."""


VERSION = Version((1, 2))


@pytest.mark.parametrize("value", [None, 5, True, "1", "a.b", [], {}])
def test_what_it_raises_is_the_values_fault(value: Any) -> None:
    """Whatever a type raises is a 400 with the path of the value, at the top and inside."""
    with pytest.raises(InvalidInput, match=r"^1 problem in v: v: expected what Version reads, "):
        ThirdParty(VERSION).convert(value, "v")
    with pytest.raises(InvalidInput, match=r"^1 problem in x\.v: x\.v: expected what Version"):
        Nested({"v": VERSION}).convert({"v": value}, "x")


def test_it_converts_by_itself() -> None:
    """Texts are read, and dictionaries and lists looked into."""
    assert ThirdParty(VERSION).convert("3.4", "v") == (3, 4)
    assert ThirdParty(Own({"v": VERSION})).convert({"v": "3.4", "w": 1}, "v") == {
        "v": (3, 4),
        "w": 1,
    }
    assert ThirdParty(Own([VERSION])).convert(["3.4", "5.6"], "v") == [(3, 4), (5, 6)]


@pytest.mark.parametrize(
    "error", [ClientError("too old"), TimeoutError("alarm"), MemoryError("full")]
)
def test_what_says_more_is_passed_on(error: Exception) -> None:
    """An error with a status of its own, and what is the service's fault, are not translated."""

    class Failing(Version):
        def deserialize_input(self, _input_data: Any) -> Any:
            raise error

    with pytest.raises(type(error), match=str(error)):
        ThirdParty(Failing((1, 2))).convert("1.2", "v")


def test_described_as_it_describes_itself() -> None:
    """The Swagger and its versions are the type's own."""
    loose = NumpyParameterType(np.zeros((1, 2)), enforce_shape=False)
    assert ThirdParty(loose).input_to_swagger() == loose.input_to_swagger()
    assert ThirdParty(Own([1])).supported_versions() == Own([1]).supported_versions()
