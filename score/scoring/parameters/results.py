"""What a door that scores rows declares as its answer: `{"Results": [one result per row]}`.

The name and its capital are Power BI's. A sample of one row's result per method is all there is
to say; the Swagger is made from it, and `conformance` holds every answer against that Swagger.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from inference_schema.parameter_types.standard_py_parameter_type import StandardPythonParameterType

from scoring.columns.base import Kind
from scoring.columns.from_sample import dtype_kind, values_kind
from scoring.columns.numbers import Number
from scoring.outputs.encoding import key_names, plain
from scoring.schemas import VARIANTS


class Results(StandardPythonParameterType):
    """The declared answer of a door, for `@output_schema`.

    A float is declared as a number or null, because a model may answer NaN or overflow, and
    JSON has a form for neither. Other values are never null.

    Args:
        samples: for each method of `GlobalParameters.method`, the default first, a sample of
            what it answers for one row: a scalar of Python or numpy, or a dictionary of scalars
            for a record.

            `Results(predict=206.1)`
            `Results(predict="setosa", predict_proba={"setosa": 0.9, "versicolor": 0.1})`

    Raises:
        TypeError: a sample does not say what is answered.
    """

    def __init__(self, **samples: Any) -> None:
        if not samples:
            raise TypeError("Results() needs a sample for each method: Results(predict=206.1)")
        self.samples = samples
        self._schemas = {method: _schema(sample, method) for method, sample in samples.items()}
        super().__init__({"Results": [next(iter(samples.values()))]})

    def input_to_swagger(self) -> dict[str, Any]:
        """Return the schema of the answer, with an example: the first method's."""
        schemas = self._schemas
        items = next(iter(schemas.values()))
        if len(schemas) > 1:
            # Swagger 2.0 has no word for "one of". No type, a sentence and an extension are
            # valid in all three versions; deploy.openapi makes `oneOf` of it for 3.0 and 3.1.
            variants = [dict(schema, title=method) for method, schema in schemas.items()]
            said = "; ".join(f"{method}: {_words(schema)}" for method, schema in schemas.items())
            items = {"description": f"By GlobalParameters.method. {said}.", VARIANTS: variants}
        results = {
            "type": "array",
            "description": "One result per row of the input, in its order.",
            "items": items,
        }
        return {
            "type": "object",
            "required": ["Results"],
            "properties": {"Results": results},
            "example": plain(self.sample_input),
        }


def _schema(sample: Any, where: str) -> dict[str, Any]:
    if isinstance(sample, dict):
        if not sample:
            raise TypeError(f"{where} is a record without fields: name those that are answered")
        values = [_schema(value, f"{where}[{name!r}]") for name, value in sample.items()]
        fields = dict(zip(key_names(sample), values, strict=True))
        return {"type": "object", "required": list(fields), "properties": fields}
    if isinstance(sample, list | tuple):
        if not sample:
            raise TypeError(f"{where} is a list without values: give it one")
        return {"type": "array", "items": _schema(sample[0], where)}
    kind = _kind(sample, where)
    return replace(kind, nullable=isinstance(kind, Number)).swagger()


def _kind(sample: Any, where: str) -> Kind:
    if isinstance(sample, np.generic):
        return dtype_kind(sample.dtype, where)
    return Number() if isinstance(sample, float) else values_kind([sample], where)


def _words(schema: dict[str, Any]) -> str:
    if schema["type"] == "object":
        return f"an object with {', '.join(schema['properties'])}"
    return f"a {schema['type']}"
