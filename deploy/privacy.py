"""Does an example tell something about a real person?

A sample becomes the example of a public document. This lint refuses strings that look like an
e-mail address or a person's name. It is a net with holes, not a proof; a sample made up on
purpose is declared in the entry script:

    SYNTHETIC = ("customer", "contact")  # fields whose sample values are invented
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

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


def private_values(sample: Any, allowed: Collection[str] = ()) -> list[str]:
    """Return a sentence for every value that looks private; none is good.

    Args:
        sample: JSON; every string inside is looked at.
        allowed: names of fields whose values are invented.
    """
    found = []
    for where, field, value in _strings(sample, "", ""):
        if field in allowed:
            continue
        kind = _kind(field, value)
        if kind:
            found.append(
                f"{where} looks like {kind}. Use an invented value and name the field in "
                f"{DECLARATION} of the entry script."
            )
    return found


def synthetic_fields(entry: Path) -> tuple[str, ...]:
    """Return the fields that the entry script declares as invented; the script is not run."""
    for node in ast.parse(entry.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == DECLARATION:
            return tuple(ast.literal_eval(node.value))
    return ()


def _kind(field: str, value: str) -> str | None:
    if EMAIL.search(value):
        return "an e-mail address"
    if PERSON.fullmatch(value) or (NAME_FIELD.fullmatch(field) and value):
        return "a person's name"
    return None


def _strings(value: Any, where: str, field: str) -> Iterator[tuple[str, str, str]]:
    if isinstance(value, str):
        yield where, field, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _strings(inner, f"{where}.{key}".lstrip("."), key)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _strings(inner, f"{where}[{index}]", field)
