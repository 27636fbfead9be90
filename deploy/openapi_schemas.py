"""Schemas as each version of OpenAPI wants them.

The service publishes one schema of its input and one of its output for all three versions, with
extensions where the versions differ. Here each is written in the words of one version: in 3.x
every object gets a name under `components`, which generated code then uses for its classes; in
2.0 objects stay where they are and carry the name as `title`, because it is not known whether
Power BI follows references inside the body.
"""

from __future__ import annotations

import re
from typing import Any

Schema = dict[str, Any]

#: Extensions of the service's own schemas, for what one schema cannot say in all versions.
NULLABLE = "x-nullable"
VARIANTS = "x-one-of"

#: What a schema with variants says of all of them.
COMMON = ("type", "properties", "required")


def schema_of(example: Any) -> Schema:
    """Return the schema of a sample, for services that declare nothing.

    A list inside a list is a row, whose length the sample fixes. A number with a fraction may
    be null: the service answers null for NaN.
    """
    if isinstance(example, dict):
        return {
            "type": "object",
            "required": list(example),
            "additionalProperties": False,
            "properties": {name: schema_of(value) for name, value in example.items()},
        }
    if isinstance(example, list):
        items = schema_of(example[0]) if example else {}
        if items.get("type") == "array":
            items |= {"minItems": len(example[0]), "maxItems": len(example[0])}
        return {"type": "array", "items": items}
    if isinstance(example, float):
        return {"type": "number", "format": "double"}
    names = {bool: "boolean", int: "integer", str: "string"}
    return {"type": names[type(example)]} if type(example) in names else {}


def with_nulls(schema: Schema) -> Schema:
    """Return the schema with every number nullable, as undeclared answers are."""
    changed = dict(schema)
    if schema.get("type") == "number":
        changed[NULLABLE] = True
    if "items" in schema:
        changed["items"] = with_nulls(schema["items"])
    if "properties" in schema:
        changed["properties"] = {
            name: with_nulls(value) for name, value in schema["properties"].items()
        }
    return changed


class Writer:
    """Writes schemas for one version; `named` collects the components of 3.x."""

    def __init__(self, version: str) -> None:
        self.version = version
        self.named: dict[str, Schema] = {}

    def top(self, schema: Schema, owner: str) -> Schema:
        """Return the schema of a whole body.

        Args:
            schema: as the service publishes it.
            owner: starts a component's name where the plain name is taken by another schema.
        """
        return self._parts(schema, owner, owner)

    def _write(self, schema: Schema, name: str, owner: str) -> Schema:
        name = schema.get("title", name)
        written = self._parts(schema, name, owner)
        if written.get("type") != "object" or "properties" not in written:
            return written
        if self.version == "2":
            return {"title": name, **written}
        while self.named.setdefault(name, written) != written:
            name = f"{owner}{name}"
        return {"$ref": f"#/components/schemas/{name}"}

    def _parts(self, schema: Schema, name: str, owner: str) -> Schema:
        told_apart = VARIANTS in schema and self.version != "2"
        if told_apart:
            # Each variant says more than what all have in common.
            schema = {key: value for key, value in schema.items() if key not in COMMON}
        dropped = {"example", "title", *(() if self.version == "2" else (NULLABLE, VARIANTS))}
        written = {key: value for key, value in schema.items() if key not in dropped}
        if "properties" in schema:
            written["properties"] = {
                key: self._write(value, camel(key), owner)
                for key, value in schema["properties"].items()
            }
        if "items" in schema:
            written["items"] = self._write(schema["items"], f"{name}Row", owner)
        if told_apart:
            written["oneOf"] = [self._variant(one, name, owner) for one in schema[VARIANTS]]
        return self._nullable(written) if schema.get(NULLABLE) else written

    def _variant(self, schema: Schema, name: str, owner: str) -> Schema:
        if "title" not in schema:
            return self._write(schema, name, owner)
        title = camel(schema["title"])
        if owner == "Output":
            return self._write({**schema, "title": f"{title}Result"}, name, owner)
        return self._write({**schema, "title": f"{title}{owner}"}, name, title)

    def _nullable(self, written: Schema) -> Schema:
        if self.version == "2":
            return written
        if "enum" in written:
            written["enum"] = [*written["enum"], None]
        if self.version == "3":
            return {**written, "nullable": True}
        return {**written, "type": [written["type"], "null"]} if "type" in written else written


def camel(text: str) -> str:
    """Return a name for a class: `predict_proba` is `PredictProba`."""
    words = re.findall(r"[A-Za-z0-9]+", text)
    return "".join(word[0].upper() + word[1:] for word in words)
