"""Can one value fit two schemas?

`oneOf` refuses what fits two of its schemas: it may only be written where they are told apart.
NSwag makes a class that holds nothing of `anyOf`, and a plain type of what needs neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

Schema = dict[str, Any]

#: How the service's own schemas say that null fits too.
NULLABLE = "x-nullable"

#: Keys of a number that has no bounds.
UNBOUNDED = {"type", "format", "title", NULLABLE}


def without_covered(schemas: Sequence[Schema]) -> list[Schema]:
    """Return the schemas with numbers in the place of integers where both are among them."""
    wide = [next((other for other in schemas if _covers(other, one)), one) for one in schemas]
    return [one for index, one in enumerate(wide) if one not in wide[:index]]


def _covers(number: Schema, integer: Schema) -> bool:
    if (number.get("type"), integer.get("type")) != ("number", "integer"):
        return False
    null = number.get(NULLABLE) or not integer.get(NULLABLE)
    return bool(number.keys() <= UNBOUNDED and null)


def all_apart(schemas: Sequence[Schema]) -> bool:
    """Tell whether it is certain that no value fits two of the schemas."""
    return all(_apart(one, other) for one, other in combinations(schemas, 2))


def _apart(one: Schema, other: Schema) -> bool:
    if one.get(NULLABLE) and other.get(NULLABLE):
        return False
    types = {one.get("type"), other.get("type")}
    if None in types:
        return False
    if len(types) == 2:  # 3 is a number as well as an integer
        return types != {"integer", "number"}
    if "enum" in one and "enum" in other:
        return not set(one["enum"]) & set(other["enum"])
    # A value of both has what either of them requires.
    required = {*one.get("required", ()), *other.get("required", ())}
    parts, others = one.get("properties", {}), other.get("properties", {})
    both = required & parts.keys() & others.keys()
    return any(_apart(parts[name], others[name]) for name in both)
