"""Does what is published tell something about a real person?

A sample becomes the example of a public document, its categories become words of the schema and
the classes of a classifier become names of fields. This lint refuses what looks like an e-mail
address or a person's name in any of them. It is a net with holes, not a proof; what is made up on
purpose, or is nobody's, is declared in the entry script:

    SYNTHETIC = ("customer", "contact")  # fields whose published values are invented
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

#: The entry script's constant that names fields with invented values.
DECLARATION = "SYNTHETIC"

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")

#: Two or three capitalised words, an initial or a hyphen among them: "Ada B. Lovelace".
_WORD = r"[A-Z][\w'-]*[a-z]"
PERSON = re.compile(rf"{_WORD}(?: [A-Z]\.)?(?: {_WORD}){{1,2}}")

#: Fields that hold a person's name whatever the value looks like.
NAME_FIELD = re.compile(
    r"(?:(?:first|last|full|middle|maiden|given|family|patient|customer|person)[ _-]?name"
    r"|name|surname)",
    re.IGNORECASE,
)

#: Where a schema has others for the same value.
VARIANTS = ("x-one-of", "oneOf", "anyOf", "allOf")


class Undeclared(Exception):
    """The constant in the entry script does not say which fields; the message says what to do."""


class _Text(NamedTuple):
    """A published text: where it is, and the fields around it, the innermost last."""

    where: str
    fields: tuple[str, ...]
    value: str


def private_values(sample: Any, allowed: Collection[str] = ()) -> list[str]:
    """Return a sentence for every value that looks private; none is good.

    Args:
        sample: JSON; every string inside is looked at.
        allowed: names of fields whose values, and those of fields inside them, are invented.
    """
    return _refused(_strings(sample, "", ()), allowed)


def private_words(schemas: Mapping[str, Any], allowed: Collection[str] = ()) -> list[str]:
    """Return a sentence for every word of a schema that looks private; none is good.

    Names of columns are often capitalised words, and no data: in a request they are not taken
    for persons. In an answer they are the classes, which are data.

    Args:
        schemas: `request` and `answer`.
        allowed: as in `private_values`.
    """
    texts = [text for name, schema in schemas.items() for text in _words(schema, name, ())]
    return _refused(texts, allowed)


def private_published(document: Mapping[str, Any], allowed: Collection[str] = ()) -> list[str]:
    """Return a sentence for everything in a Swagger 2.0 document that looks private.

    Args:
        document: as the service publishes it.
        allowed: as in `private_values`.
    """
    definitions = document.get("definitions", {})
    names = {"request": "ServiceInput", "answer": "ServiceOutput"}
    schemas = {part: definitions.get(name, {}) for part, name in names.items()}
    samples = {part: schema.get("example") for part, schema in schemas.items()}
    return [*private_values(samples, allowed), *private_words(schemas, allowed)]


def synthetic_fields(entry: Path) -> tuple[str, ...]:
    """Return the fields that the entry script declares as invented; the script is not run.

    Raises:
        Undeclared: the constant is no text and no tuple of texts.
    """
    for node in ast.walk(ast.parse(entry.read_bytes())):
        if not isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            continue
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if DECLARATION not in map(ast.unparse, targets):
            continue
        fields = None if isinstance(node, ast.AugAssign) else _literal(node.value)
        if isinstance(fields, str):
            return (fields,)
        if fields is None or not all(isinstance(field, str) for field in fields):
            raise Undeclared(
                f"{entry}:{node.lineno}: {DECLARATION} is read without running the script: "
                f'write the names of the fields there, as in {DECLARATION} = ("customer",).'
            )
        return tuple(fields)
    return ()


def _literal(node: ast.expr | None) -> Any:
    """Return the text, tuple, list or set that is written there; None for anything else."""
    try:
        value = ast.literal_eval(node) if node else None
    except (ValueError, TypeError):
        return None
    return value if isinstance(value, str | tuple | list | set) else None


def _refused(texts: Iterable[_Text], allowed: Collection[str]) -> list[str]:
    found = []
    for where, fields, value in texts:
        kind = None if set(fields) & set(allowed) else _kind(fields, value)
        if kind:
            found.append(
                f"{where} looks like {kind}. Use an invented value, and name the field in "
                f"{DECLARATION} of the entry script."
            )
    return list(dict.fromkeys(found))


def _kind(fields: tuple[str, ...], value: str) -> str | None:
    if EMAIL.search(value):
        return "an e-mail address"
    is_name = NAME_FIELD.fullmatch(fields[-1]) if fields else None
    if PERSON.fullmatch(value) or (is_name and value):
        return "a person's name"
    return None


def _strings(value: Any, where: str, fields: tuple[str, ...]) -> Iterator[_Text]:
    if isinstance(value, str):
        yield _Text(where, fields, value)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _strings(inner, f"{where}.{key}".lstrip("."), (*fields, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _strings(inner, f"{where}[{index}]", fields)


def _words(schema: Any, where: str, fields: tuple[str, ...]) -> Iterator[_Text]:
    """Yield the words of a schema: names of fields, and what it lists as values.

    Descriptions only repeat them.
    """
    if isinstance(schema, list):
        for inner in schema:
            yield from _words(inner, where, fields)
    if not isinstance(schema, dict):
        return
    for word in ("enum", "default", "example"):
        # The example of the whole is looked at as a sample.
        if fields or word != "example":
            yield from _strings(schema.get(word), f"{where} ({word})", fields)
    for name, inner in schema.get("properties", {}).items():
        if where.startswith("answer") or EMAIL.search(name):
            # Under its own name: it may be declared by it, and is not taken for a field's value.
            yield _Text(f"the name of a field of {where}", (*fields, name, ""), name)
        yield from _words(inner, f"{where}.{name}", (*fields, name))
    for word in ("items", "additionalProperties", *VARIANTS):
        yield from _words(schema.get(word), where, fields)
