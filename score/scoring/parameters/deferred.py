"""Schemas that are known only once the model is.

The server reads the decorators of `run()` when it imports the script, then calls `init()`, then
makes the Swagger. A door for any model declares `Deferred` types, and `init()` says what they are:

    inputs, results = Deferred(), Deferred()

    def init():
        declare(run, {"Inputs": (inputs, Nested(...))}, (results, Results(...)))

The registered schema is what inference-schema hands out to everybody, so completing it in
place is all that is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from inference_schema.parameter_types.abstract_parameter_type import AbstractParameterType
from inference_schema.schema_util import get_input_schema, get_output_schema

from scoring.parameters.base import CheckedType, Nothing
from scoring.problems import Problems
from scoring.schemas import VARIANTS, require


class Deferred(CheckedType, AbstractParameterType):
    """A parameter type, or an output, that `declare` decides."""

    def __init__(self) -> None:
        AbstractParameterType.__init__(self, None)
        self.sample_data_type = Nothing
        self.actual: Any = None

    def check(self, value: Any, where: str, problems: Problems) -> Any:
        """Check as the actual type does."""
        return self.actual.check(value, where, problems)

    def input_to_swagger(self) -> dict[str, Any]:
        """Return the actual type's schema; until it is known, a stand-in nobody sees."""
        if self.actual is None:
            return {"type": "object", "example": {}}
        schema: dict[str, Any] = self.actual.input_to_swagger()
        return schema


def declare(
    run: Callable[..., Any],
    inputs: Mapping[str, tuple[Deferred, AbstractParameterType]],
    output: tuple[Deferred, AbstractParameterType],
    *,
    required: Sequence[str],
    variants: Sequence[dict[str, Any]] = (),
) -> None:
    """Decide the late types of `run()`; call it in `init()`.

    Args:
        run: the decorated function.
        inputs: parameter name to its `Deferred` and what that is.
        output: the same for the answer.
        required: parameters that a request must have, whatever their default in Python.
        variants: schemas of which a request matches one, where one schema cannot say it all.
    """
    schema = get_input_schema(run)
    for name, (late, actual) in inputs.items():
        late.actual = actual
        if isinstance(actual, CheckedType):
            actual.use(late.settings)
        described = late.input_to_swagger()
        schema["example"][name] = described.pop("example")
        schema["properties"][name] = described
    require(run, required)
    if variants:
        schema[VARIANTS] = list(variants)
    late, actual = output
    late.actual = actual
    answered = get_output_schema(run)
    answered.clear()
    answered.update(late.input_to_swagger())
