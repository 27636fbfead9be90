"""What a service says of itself: its Swagger, and what a caller wants to know from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from scoring_client.errors import clean


@dataclass(frozen=True)
class Description:
    """What a service takes.

    Attributes:
        title: the name of the service.
        version: its version.
        columns: name to JSON type (`number`, `integer`, `string`, `boolean`, `date-time`, ...)
            of each column of `Inputs.data`; empty when rows have no names.
        parameters: the names in `GlobalParameters`.
        document: the Swagger 2.0 document, whole.
    """

    title: str
    version: str
    columns: Mapping[str, str]
    parameters: tuple[str, ...]
    document: Mapping[str, Any] = field(repr=False)


def describe(document: Mapping[str, Any]) -> Description:
    """Return what a Swagger 2.0 document says."""
    info = document.get("info", {})
    service_input = document.get("definitions", {}).get("ServiceInput", {})
    properties = _properties(service_input, document)
    inputs = _properties(properties.get("Inputs", {}), document)
    rows = _resolved(inputs.get("data", {}), document)
    columns = _properties(rows.get("items", {}), document)
    parameters = _properties(properties.get("GlobalParameters", {}), document)
    return Description(
        title=clean(info.get("title", "")),
        version=clean(info.get("version", "")),
        columns={name: _type(_resolved(schema, document)) for name, schema in columns.items()},
        parameters=tuple(parameters),
        document=document,
    )


def _type(schema: Mapping[str, Any]) -> str:
    return str(schema.get("format") if schema.get("type") == "string" else "") or str(
        schema.get("type", "any")
    )


def _properties(schema: Mapping[str, Any], document: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = _resolved(schema, document).get("properties", {})
    return found


def _resolved(schema: Mapping[str, Any], document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follow `$ref` within the document."""
    reference = schema.get("$ref")
    if not isinstance(reference, str):
        return schema
    found: Any = document
    for step in reference.removeprefix("#/").split("/"):
        found = found.get(step, {})
    return _resolved(found, document)
