"""Parameter types of somebody else's: they convert by themselves and are not looked into.

What they raise is a bare exception, which the server would answer with 500. A value that such a
type does not read is the client's fault, so here it is a 400 that names where it is.
"""

from __future__ import annotations

from typing import Any

from inference_schema.parameter_types.abstract_parameter_type import AbstractParameterType

from scoring.errors import ScoringError
from scoring.parameters.base import CheckedType, Nothing
from scoring.problems import Problems, describe


class ThirdParty(CheckedType, AbstractParameterType):
    """Another parameter type, whose failures are the value's fault.

    Args:
        actual: converts by its `deserialize_input`; what is inside a dictionary or list goes
            first, as inference-schema's own decorator has it.
    """

    def __init__(self, actual: AbstractParameterType) -> None:
        AbstractParameterType.__init__(self, None)
        self.sample_data_type = Nothing
        self._actual = actual

    def check(self, value: Any, where: str, problems: Problems) -> Any:
        """Return what the actual type makes of the value."""
        try:
            return _read(self._actual, value)
        except (ScoringError, TimeoutError, MemoryError):
            # Says more than is known here; or the service ran out of time or memory.
            raise
        except Exception:  # noqa: BLE001 - such types raise bare Exceptions
            expected = f"what {type(self._actual).__name__} reads"
            problems.add(where, where, expected, describe(value))
        return None

    def input_to_swagger(self) -> dict[str, Any]:
        """Return the actual type's schema."""
        schema: dict[str, Any] = self._actual.input_to_swagger()
        return schema

    def supported_versions(self) -> list[str]:
        """Return the Swagger versions that the actual type supports."""
        versions: list[str] = self._actual.supported_versions()
        return versions


def _read(actual: AbstractParameterType, value: Any) -> Any:
    keys = getattr(actual, "sample_data_type_map", {})
    items = getattr(actual, "sample_data_type_list", [])
    if keys and isinstance(value, dict):
        value = value | {key: _read(keys[key], value[key]) for key in keys if key in value}
    elif items and isinstance(value, list):
        value = [_read(items[0], item) for item in value]
    return actual.deserialize_input(value)
