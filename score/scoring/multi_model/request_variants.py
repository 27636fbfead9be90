"""What each of several models takes, for documents that can say "one of these".

`parameter_types` says what is true of every model; a request may keep to that and still be refused
by the model it names. Here each model has a schema of its own, tied to its name: a request that
matches one of them is scored. OpenAPI 3.x says it as `oneOf`; the server's documents, which are
made for Swagger 2.0 as well, carry it as an extension.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from scoring.estimators.table_model import TableModel
from scoring.multi_model.catalog import Catalog
from scoring.multi_model.parameter_types import Schema
from scoring.parameters.nested import Nested


@dataclass
class Kind:
    """The versions of one model that take and answer the same.

    Attributes:
        name: the model's.
        inputs: the schema of `Inputs`.
        methods: what it can be asked.
        versions: in ascending order.
    """

    name: str
    inputs: Schema
    methods: list[str]
    versions: list[str] = field(default_factory=list)


def alternatives(catalog: Catalog) -> list[Schema]:
    """Return the schemas of which a request that is scored matches exactly one.

    None where nothing is to be told apart, or where it cannot be known: while models are loaded
    only when they are asked for, and where traffic, not the request, decides.
    """
    kinds = _kinds(catalog)
    if len(kinds) < 2 or not catalog.complete or catalog.shares_traffic:
        return []
    return [_request(kind, catalog) for kind in kinds]


def _kinds(catalog: Catalog) -> list[Kind]:
    kinds: list[Kind] = []
    for (name, version), model in sorted(catalog.loaded.items()):
        inputs, methods = _inputs(model), list(model.answers)
        same = (k for k in kinds if (k.name, k.inputs, k.methods) == (name, inputs, methods))
        kind = next(same, None)
        if kind is None:
            kind = Kind(name, inputs, methods)
            kinds.append(kind)
        kind.versions.append(version)
    return kinds


def _inputs(model: TableModel) -> Schema:
    schema: Schema = Nested({"data": model.table}).input_to_swagger()
    return {key: value for key, value in schema.items() if key != "example"}


def _request(kind: Kind, catalog: Catalog) -> Schema:
    """Return the schema of a request for these versions; what it may leave out leads to them."""
    default = catalog.default
    unsaid = {catalog.highest(kind.name)}
    needed = ["model"]
    if default is not None and default[0] == kind.name:
        unsaid.add(default[1])
        needed = []
    needed += [] if unsaid <= set(kind.versions) else ["version"]
    choices = {"model": [kind.name], "version": kind.versions, "method": kind.methods}
    parameters: Schema = {
        "type": "object",
        "properties": {name: {"type": "string", "enum": said} for name, said in choices.items()},
        "additionalProperties": False,
    }
    if needed:
        parameters["required"] = needed
    return {
        "title": f"{kind.name}_{kind.versions[-1]}" if "version" in needed else kind.name,
        "type": "object",
        "required": ["Inputs", "GlobalParameters"] if needed else ["Inputs"],
        "properties": {"Inputs": kind.inputs, "GlobalParameters": parameters},
    }
