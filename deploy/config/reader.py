"""Reading a configuration file: YAML, checked against a schema, every fault named by its line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import jsonschema
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from deploy.config import rules
from deploy.config.vocabulary import Schema
from deploy.findings import Finding, nearest

#: How a value's type is called in a message.
TYPE_NAMES = {
    "string": "a text",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "object": "a mapping",
    "array": "a list",
}

#: Keys whose values no message repeats.
SECRET_KEYS = frozenset({"keys", "password", "sslKey"})

#: What only files of the CLI v2 have, and the command that takes such a file.
V2_COMMANDS = {
    "endpoint_name": "az ml online-deployment create --file",
    "code_configuration": "az ml online-deployment create --file",
    "auth_mode": "az ml online-endpoint create --file",
    "conda_file": "az ml environment create --file",
}


class Faults(Exception):
    """A file cannot be used; `findings` says why, fault by fault."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__("; ".join(map(str, findings)))
        self.findings = findings


class Document(dict[str, Any]):
    """What a file says, as plain values; keys without a value are left out.

    Attributes:
        lines: the line of each key and list item, counted from 1, by its path.
    """

    lines: dict[tuple[str | int, ...], int]

    def place(self, where: str, *path: str | int) -> str:
        """Return how a message calls a key: the file, its line and its path."""
        line = self.lines.get(path)
        lined = f"{where}:{line}" if line else where
        return f"{lined}: {'.'.join(map(str, path))}" if path else lined


def read_yaml(path: Path, where: str) -> Document:
    """Return the mapping in a YAML or JSON file.

    Args:
        path: the file.
        where: how messages call it.

    Raises:
        Faults: there is no such file, or it is no YAML mapping, or gives a key twice.
    """
    reader = YAML(typ="rt", pure=True)
    # Azure's own commands read YAML 1.1, where `yes` is true.
    reader.version = (1, 1)
    try:
        loaded = reader.load(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        found = rules.NO_FILE.at(where, "There is no such file.", _found_beside(path))
        raise Faults(found) from None
    except (OSError, UnicodeDecodeError) as error:
        found = rules.NOT_YAML.at(where, f"Cannot be read: {error}.", "Save it as UTF-8.")
        raise Faults(found) from None
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problem = f"Not valid YAML: {str(error.problem).partition(' with value')[0]}."
        raise Faults(rules.NOT_YAML.at(f"{where}:{line}", problem)) from None
    except YAMLError as error:
        raise Faults(rules.NOT_YAML.at(where, f"Not valid YAML: {error}.")) from None
    if not isinstance(loaded, dict):
        fix = "Write `key: value` lines."
        raise Faults(rules.NOT_YAML.at(where, "Not a mapping of keys to values.", fix))
    lines: dict[tuple[str | int, ...], int] = {}
    document = Document(_plain(loaded, (), lines))
    document.lines = lines
    return document


def _plain(value: Any, path: tuple[str | int, ...], lines: dict[tuple[str | int, ...], int]) -> Any:
    """Return a loaded value without ruamel's types; note where its parts stand."""
    if isinstance(value, CommentedMap):
        kept = {key: inner for key, inner in value.items() if inner is not None}
        for key in kept:
            lines[(*path, str(key))] = value.lc.key(key)[0] + 1 if key in value.lc.data else 1
        return {str(key): _plain(kept[key], (*path, str(key)), lines) for key in kept}
    if isinstance(value, CommentedSeq):
        for index in range(len(value)):
            lines[(*path, index)] = value.lc.item(index)[0] + 1
        return [_plain(inner, (*path, index), lines) for index, inner in enumerate(value)]
    for kind in (bool, int, float, str):
        if isinstance(value, kind):
            return kind(value)
    return value


def validate(document: Document, schema: Schema, where: str) -> list[Finding]:
    """Return a fault for each key that is unknown, missing or has a value of the wrong kind."""
    command = next((V2_COMMANDS[key] for key in V2_COMMANDS if key in document), "")
    if command or "azuremlschemas" in str(document.get("$schema", "")):
        fix = f"Deploy it with `{command or 'az ml ... create --file'} {where}`, or name a v1 file."
        return [rules.V2_FILE.at(where, "This is a file for Azure ML's CLI v2.", fix)]
    errors = jsonschema.Draft202012Validator(schema).iter_errors(document)
    found = [finding for error in errors for finding in _explain(error, document, where)]
    return sorted(dict.fromkeys(found), key=lambda finding: finding.where)


def _explain(
    error: jsonschema.ValidationError, document: Document, where: str
) -> Iterator[Finding]:
    path = tuple(error.absolute_path)
    place = document.place(where, *path)
    rule: Any = error.validator_value
    kind, value = str(error.validator), cast(Any, error.instance)
    shown = "the value" if SECRET_KEYS.intersection(path) else _shown(value)
    if kind == "additionalProperties" and isinstance(error.schema, dict):
        known = error.schema.get("properties", {})
        for key in value.keys() - known.keys():
            near = nearest(str(key), known)
            fix = f"Did you mean {near}?" if near else f"Known keys: {', '.join(sorted(known))}."
            at = document.place(where, *path, key)
            yield rules.UNKNOWN_KEY.at(at, f"Unknown key {key}.", fix)
    elif kind == "required":
        for key in set(rule) - value.keys():
            yield rules.MISSING_KEY.at(place, f"The key {key} is missing.", f"Add `{key}:`.")
    elif kind == "type":
        names = [rule] if isinstance(rule, str) else rule
        wanted = " or ".join(TYPE_NAMES[name] for name in names)
        yield rules.VALUE.at(place, f"Expected {wanted}, found {shown}.", f"Write {wanted}.")
    elif kind == "enum":
        allowed = ", ".join(map(str, rule))
        yield rules.VALUE.at(place, f"{shown} is not possible.", f"Possible: {allowed}.")
    elif kind in {"minimum", "maximum", "exclusiveMinimum"}:
        bound = {"minimum": "at least", "maximum": "at most", "exclusiveMinimum": "above"}[kind]
        yield rules.VALUE.at(place, f"{shown} is out of range.", f"Use {bound} {rule}.")
    else:
        yield rules.VALUE.at(place, f"{shown} is not possible.", f"It must match {kind} {rule}.")


def _shown(value: object) -> str:
    # Long values are never repeated whole.
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."


def _found_beside(path: Path) -> str:
    beside = sorted(p.name for p in path.parent.glob("*.y*ml")) if path.parent.is_dir() else []
    return f"Found there: {', '.join(beside) or 'no YAML file'}."
