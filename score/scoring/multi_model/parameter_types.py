"""What a door with several models declares: what all have in common, and no more.

One document describes one input, and Swagger 2.0 has no "one of". So the document says what is
true of every model: a column that any model has is a property, only what all models need is
required, and a column that differs in type between them has no type. A request that the document
allows can still be refused by the model it names, which checks its own columns. Documented in
docs/models.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inference_schema.parameter_types.abstract_parameter_type import AbstractParameterType

from scoring.estimators.table_model import TableModel
from scoring.multi_model.catalog import Key
from scoring.parameters.base import CheckedType, Nothing
from scoring.parameters.results import Results
from scoring.problems import Problems
from scoring.schemas import VARIANTS

Schema = dict[str, Any]

#: The schema of a column of which nothing is true for every model.
UNSURE: Schema = {"description": "Its type depends on the model."}


class AnyTable(CheckedType, AbstractParameterType):
    """The table of one of several models; which one, and so its check, `run()` decides.

    Args:
        models: the models whose tables it may be, the default first.
        complete: these are all; otherwise nothing is required and no type is sure.
    """

    def __init__(self, models: Mapping[Key, TableModel], *, complete: bool) -> None:
        AbstractParameterType.__init__(self, None)
        self.sample_data_type = Nothing
        self._complete = complete
        self._schemas = {key: model.table.input_to_swagger() for key, model in models.items()}

    def check(self, value: Any, _where: str, _problems: Problems) -> Any:
        """Return the value as it came."""
        return value

    def input_to_swagger(self) -> Schema:
        """Return the union of the tables' columns; the example is the default model's."""
        rows = [schema["items"] for schema in self._schemas.values()]
        columns: dict[str, list[Schema]] = {}
        for row in rows:
            for name, column in row["properties"].items():
                columns.setdefault(name, []).append(column)
        items: Schema = {"type": "object", "properties": dict.fromkeys(columns, UNSURE)}
        if self._complete:
            items["properties"] = {name: _common(found) for name, found in columns.items()}
            needed = [
                name for name in columns if all(name in row.get("required", ()) for row in rows)
            ]
            items |= {"required": needed} if needed else {}
            # No model takes a column that none of them has.
            items["additionalProperties"] = False
        return {
            "type": "array",
            "description": "Rows with the columns of the model that GlobalParameters names.",
            "items": items,
            "example": next(iter(self._schemas.values()))["example"],
        }


class AnyResults(CheckedType, AbstractParameterType):
    """The answers of several models, with the name and version of the one that scored.

    Args:
        models: the models, the default first.
        complete: these are all; otherwise others may answer something else.
    """

    def __init__(self, models: Mapping[Key, TableModel], *, complete: bool) -> None:
        AbstractParameterType.__init__(self, None)
        self.sample_data_type = Nothing
        self._models = models
        self._complete = complete

    def input_to_swagger(self) -> Schema:
        """Return the schema of the answer, with an example: the default model's."""
        variants: list[Schema] = []
        for model in self._models.values():
            for method, sample in model.answers.items():
                found = Results(**{method: sample}).input_to_swagger()
                schema = found["properties"]["Results"]["items"]
                if schema not in variants:
                    variants.append(schema)
        (name, version), first = next(iter(self._models.items()))
        text = "By GlobalParameters.model and .method."
        items: Schema = {"description": text}
        if self._complete:
            items = variants[0] if len(variants) == 1 else {**items, VARIANTS: variants}
        return {
            "type": "object",
            "required": ["Results", "model", "version"],
            "properties": {
                "Results": {
                    "type": "array",
                    "description": "One result per row of the input, in its order.",
                    "items": items,
                },
                "model": {"type": "string", "description": "The model that scored."},
                "version": {"type": "string", "description": "Its version."},
            },
            "example": {
                "Results": [next(iter(first.answers.values())).example],
                "model": name,
                "version": version,
            },
        }


def _common(schemas: list[Schema]) -> Schema:
    """Return what is true of all these columns."""
    first = schemas[0]
    if all(schema == first for schema in schemas):
        return first
    same = {key: value for key, value in first.items() if all(s.get(key) == value for s in schemas)}
    return same if "type" in same else UNSURE
