"""The words of our schemas that OpenAPI does not have in every version, and their common parts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from inference_schema.schema_util import get_input_schema, is_schema_decorated

#: Marks a schema whose values may be null. An extension, because the server publishes one
#: schema in three versions of OpenAPI that each say it differently.
NULLABLE = "x-nullable"


#: Lists the schemas of which a value matches one; an extension for the same reason.
VARIANTS = "x-one-of"


Schema = Mapping[str, Any]


def object_schema(properties: dict[str, Any], optional: Collection[str] = ()) -> dict[str, Any]:
    """Return the Swagger schema of an object with these properties and no other."""
    required = [name for name in properties if name not in optional]
    return {
        "type": "object",
        # An empty list of required properties is invalid in Swagger 2.0.
        **({"required": required} if required else {}),
        "properties": properties,
        "additionalProperties": False,
    }


def one_of(schemas: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return a schema for values of which each fits one of the schemas.

    Swagger 2.0 has no word for that: an extension says it, valid in all versions.
    """
    different = [schema for i, schema in enumerate(schemas) if schema not in schemas[:i]]
    return different[0] if len(different) == 1 else {VARIANTS: different}


def require(run: Callable[..., Any], names: Sequence[str]) -> None:
    """Say in the Swagger of `run()` which top-level parameters a request must have.

    inference-schema leaves that out. What it returns is the entry of its registry that the
    server makes the Swagger from. A list without a name is none: Swagger 2.0 has no empty one.
    """
    if names and is_schema_decorated(run):
        get_input_schema(run)["required"] = list(names)
