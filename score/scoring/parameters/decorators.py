"""inference-schema's decorator for inputs, and what it leaves to be desired.

`@input_schema` here is used like inference-schema's own and calls it, through nothing but its
public functions. Around it:

- inference-schema's own plain types are checked as ours are, and any other type's failure is the
  value's fault (`scoring.parameters.nested.as_checked`).
- The parameter type gets the operator's limits from this process's environment.
- The parameter type learns the parameter's name, so that an error says `Inputs.data[17].bmi`.
- A parameter with a default may be left out or null: it is the default then. inference-schema
  would try to convert the null.
- A script supports the Swagger versions that all its parameters do; inference-schema keeps
  those of the last decorator only.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable
from typing import Any

from inference_schema import schema_decorators
from inference_schema.parameter_types.abstract_parameter_type import AbstractParameterType
from inference_schema.schema_util import get_supported_versions, is_schema_decorated

from scoring.parameters.base import CheckedType, Nothing
from scoring.parameters.nested import as_checked
from scoring.settings import Settings

Run = Callable[..., Any]


def input_schema(name: str, parameter_type: AbstractParameterType) -> Callable[[Run], Run]:
    """Declare one parameter of `run()`.

    Args:
        name: of the parameter, and of the key at the top of the body.
        parameter_type: `Table`, `Array`, `Nested` or any other parameter type.

    Raises:
        TypeError: from the decorator: `run()` has no such parameter, or the sample does not say
            what it holds.
    """

    def decorate(run: Run) -> Run:
        parameters = inspect.signature(run).parameters
        if name not in parameters:
            raise TypeError(f"run() has no parameter {name!r}; it has {', '.join(parameters)}")
        checked = as_checked(parameter_type)
        versions = set(checked.supported_versions())
        if is_schema_decorated(run):
            versions &= set(get_supported_versions(run))
        checked.use(Settings.from_environ(os.environ))
        declared = _Parameter(name, checked, parameters[name].default, sorted(versions))
        decorated: Run = schema_decorators.input_schema(name, declared)(run)
        return decorated

    return decorate


class _Parameter(AbstractParameterType):
    """A parameter type that knows the name and the default of its parameter."""

    def __init__(
        self, name: str, checked: CheckedType, default: object, versions: list[str]
    ) -> None:
        super().__init__(None)
        self.sample_data_type = Nothing
        self._name = name
        self._checked = checked
        self._default = default
        self._versions = versions

    def deserialize_input(self, input_data: Any) -> Any:
        # `...` lets the server call run() without it (scoring.http.describe); it is no value.
        has_default = self._default is not inspect.Parameter.empty and self._default is not ...
        if has_default and (input_data is None or input_data is self._default):
            return self._default
        return self._checked.convert(input_data, self._name)

    def input_to_swagger(self) -> dict[str, Any]:
        return self._checked.input_to_swagger()

    def supported_versions(self) -> list[str]:
        return self._versions
