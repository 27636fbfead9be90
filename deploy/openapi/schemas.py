"""Schemas as each version of OpenAPI wants them.

The service publishes one schema of its input and one of its output for all three versions, with
extensions where the versions differ. Here each is written in the words of one version: in 3.x
every object gets a name under `components`, which generated code then uses for its classes; in
2.0 objects stay where they are and carry the name as `title`, because it is not known whether
Power BI follows references inside the body.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from typing import Any

from deploy.openapi.disjoint import NULLABLE, all_apart, without_covered

Schema = dict[str, Any]

#: The other extension of the service's own schemas: a list of which a value fits at least one.
VARIANTS = "x-one-of"

#: What a schema with variants says of all of them.
COMMON = ("type", "properties", "required")

#: The largest number that .NET's System.Decimal holds, as which NSwag reads every bound.
LARGEST_DECIMAL = 2**96 - 1


def schema_of(example: Any) -> Schema:
    """Return the schema of a sample, for services that declare nothing.

    A list inside a list is a row, whose length the sample fixes. A number with a fraction may
    be null: the service answers null for NaN.
    """
    if example == {}:  # an empty list of required properties would be invalid
        return {"type": "object", "additionalProperties": True}
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
    """Writes schemas for one version; `named` collects the components of 3.x.

    Args:
        version: a key of `openapi.VERSIONS`.
        taken: names that components may not have.
    """

    def __init__(self, version: str, taken: Collection[str] = ()) -> None:
        self.version = version
        self.named: dict[str, Schema] = {}
        self._taken = taken

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
        while name in self._taken or self.named.setdefault(name, written) != written:
            name = f"{owner}{name}"
        return {"$ref": f"#/components/schemas/{name}"}

    def _parts(self, schema: Schema, name: str, owner: str) -> Schema:
        told_apart = VARIANTS in schema and self.version != "2"
        if told_apart:
            # Each variant says more than what all have in common.
            schema = {key: value for key, value in schema.items() if key not in COMMON}
        dropped = {"example", "title", *(() if self.version == "2" else (NULLABLE, VARIANTS))}
        dropped |= {bound for bound in ("minimum", "maximum") if _says_the_format(schema, bound)}
        written = {key: value for key, value in schema.items() if key not in dropped}
        if "properties" in schema:
            written["properties"] = {
                key: self._write(value, camel(key), owner)
                for key, value in schema["properties"].items()
            }
        if "items" in schema:
            written["items"] = self._write(schema["items"], f"{name}Row", owner)
        if told_apart:
            variants = without_covered(schema[VARIANTS])
            word = "oneOf" if all_apart(variants) else "anyOf"
            schemas = [self._variant(one, name, owner) for one in variants]
            plain = len(variants) == 1 < len(schema[VARIANTS])
            written |= schemas[0] if plain else {word: schemas}
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


def _says_the_format(schema: Schema, bound: str) -> bool:
    """Tell whether a bound only repeats `format: float`, in a number too large for NSwag."""
    return schema.get("format") == "float" and abs(schema.get(bound, 0)) > LARGEST_DECIMAL


def camel(text: str) -> str:
    """Return a name for a class: `predict_proba` is `PredictProba`.

    Components have ASCII names. Letters with accents lose them, other letters are left out;
    `Part` is what has no letter left.
    """
    plain = unicodedata.normalize("NFKD", text)
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = [word.encode("ascii", "ignore").decode() for word in re.findall(r"[^\W_]+", letters)]
    return "".join(word[0].upper() + word[1:] for word in words if word) or "Part"
