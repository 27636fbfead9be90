"""What a door that scores rows declares as its answer: `{"Results": [one result per row]}`.

The name and its capital are Power BI's. A sample of one row's result per method is all there is
to say; the Swagger is made from it, and `conformance` holds every answer against that Swagger.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

import numpy as np
from inference_schema.parameter_types.standard_py_parameter_type import StandardPythonParameterType

from scoring.columns.base import Kind
from scoring.columns.from_sample import dtype_kind, values_kind
from scoring.columns.numbers import Boolean, Integer, Number
from scoring.columns.strings import String
from scoring.outputs.encoding import key_names, plain
from scoring.schemas import NULLABLE, VARIANTS


@dataclass(frozen=True)
class Seen:
    """What a method answered to several rows, in place of a sample of one.

    Attributes:
        rows: the results as JSON has them, at least one.
        sure: later results are of the same types; otherwise they may be null, and numbers
            with a fraction where these are whole.
    """

    rows: tuple[Any, ...]
    sure: bool = True

    @property
    def example(self) -> Any:
        """The first result that is not null; a number where all are."""
        return next((row for row in self.rows if row is not None), 0.0)


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

            Or what it answered to several, as `Seen`.

    Raises:
        TypeError: a sample does not say what is answered.
    """

    def __init__(self, **samples: Any) -> None:
        if not samples:
            raise TypeError("Results() needs a sample for each method: Results(predict=206.1)")
        self.samples = samples
        self._schemas = {method: _schema(sample, method) for method, sample in samples.items()}
        first = next(iter(samples.values()))
        super().__init__({"Results": [first.example if isinstance(first, Seen) else first]})

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
    if isinstance(sample, Seen):
        return _schema_of_all(list(sample.rows), sure=sample.sure)
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


def _schema_of_all(values: list[Any], *, sure: bool) -> dict[str, Any]:
    """Return the schema that all these JSON values fit, and what may come after them."""
    present = [value for value in values if value is not None]
    nullable = {} if sure and len(present) == len(values) else {NULLABLE: True}
    types = set(map(type, present))
    if types == {dict}:
        names = list(dict.fromkeys(name for value in present for name in value))
        required = [name for name in names if all(name in value for value in present)]
        fields = {
            name: _schema_of_all([v[name] for v in present if name in v], sure=sure)
            for name in names
        }
        needed = {"required": required} if required else {}
        return {"type": "object", **needed, "properties": fields, **nullable}
    if types == {list}:
        items = _schema_of_all(list(chain.from_iterable(present)), sure=sure)
        return {"type": "array", "items": items, **nullable}
    if not types and not sure:
        return {"description": "A value of a type that no answer at the start has shown."}
    if types <= {int, float}:
        return (
            Integer() if sure and types == {int} else Number(nullable=True)
        ).swagger() | nullable
    kinds: dict[type, Kind] = {bool: Boolean(), str: String()}
    if len(types) == 1 and types <= kinds.keys():
        return kinds[types.pop()].swagger() | nullable
    # A label beside a number: no type is true of both.
    return {"description": "A value of one of several types."}


def _kind(sample: Any, where: str) -> Kind:
    if isinstance(sample, np.generic):
        return dtype_kind(sample.dtype, where)
    return Number() if isinstance(sample, float) else values_kind([sample], where)


def _words(schema: dict[str, Any]) -> str:
    if "type" not in schema:
        return "a value"
    if schema["type"] == "object":
        return f"an object with {', '.join(schema['properties'])}"
    return f"a {schema['type']}"
