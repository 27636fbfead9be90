"""Reading a configuration file: YAML, checked against a schema, every fault named by its key."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from pathlib import Path
from typing import Any, cast

import jsonschema
import yaml

from deploy.config.vocabulary import Schema
from deploy.findings import Finding, fault, nearest

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


class Faults(Exception):
    """A file cannot be used; `findings` says why, fault by fault."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__("; ".join(map(str, findings)))
        self.findings = findings


class _StrictLoader(yaml.SafeLoader):
    """YAML's safe subset; a key that is given twice is an error instead of a silent choice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key_node, _ in node.value:
            if key_node.value in seen:
                problem = f"the key {key_node.value} is given twice"
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=key_node.start_mark)
            seen.add(key_node.value)
        return super().construct_mapping(node, deep)


def read_yaml(path: Path, where: str) -> dict[str, Any]:
    """Return the mapping in a YAML file.

    Args:
        path: the file.
        where: how messages call it.

    Raises:
        Faults: there is no such file, or it is no YAML mapping.
    """
    try:
        document = yaml.load(path.read_text(encoding="utf-8"), _StrictLoader)  # noqa: S506 - safe
    except FileNotFoundError:
        raise Faults(fault(where, "There is no such file.", _found_beside(path))) from None
    except (OSError, UnicodeDecodeError) as error:
        raise Faults(fault(where, f"Cannot be read: {error}.", "Save it as UTF-8.")) from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problem = f"Not valid YAML: {error.problem}."
        raise Faults(fault(f"{where}:{line}", problem, "Mend that line.")) from None
    if not isinstance(document, dict):
        raise Faults(fault(where, "Not a mapping of keys to values.", "Write `key: value` lines."))
    return document


def validate(document: dict[str, Any], schema: Schema, where: str) -> list[Finding]:
    """Return a fault for each key that is unknown, missing or has a value of the wrong kind."""
    errors = jsonschema.Draft202012Validator(schema).iter_errors(document)
    found = [finding for error in errors for finding in _explain(error, where)]
    return sorted(found, key=lambda finding: finding.where)


def _explain(error: jsonschema.ValidationError, where: str) -> Iterator[Finding]:
    path = ".".join(map(str, error.absolute_path))
    place = f"{where}: {path}" if path else where
    rule: Any = error.validator_value
    kind, value = str(error.validator), cast(Any, error.instance)
    shown = "the value" if SECRET_KEYS.intersection(error.absolute_path) else _shown(value)
    if kind == "additionalProperties" and isinstance(error.schema, dict):
        known = error.schema.get("properties", {})
        for key in value.keys() - known.keys():
            near = nearest(str(key), known)
            fix = f"Did you mean {near}?" if near else f"Known keys: {', '.join(sorted(known))}."
            yield fault(place, f"Unknown key {key}.", fix)
    elif kind == "required":
        for key in set(rule) - value.keys():
            yield fault(place, f"The key {key} is missing.", f"Add `{key}:`.")
    elif kind == "type":
        names = [rule] if isinstance(rule, str) else rule
        wanted = " or ".join(TYPE_NAMES[name] for name in names)
        yield fault(place, f"Expected {wanted}, found {shown}.", f"Write {wanted}.")
    elif kind == "enum":
        allowed = ", ".join(map(str, rule))
        yield fault(place, f"{shown} is not possible.", f"Possible: {allowed}.")
    elif kind in {"minimum", "maximum", "exclusiveMinimum"}:
        bound = {"minimum": "at least", "maximum": "at most", "exclusiveMinimum": "above"}[kind]
        yield fault(place, f"{shown} is out of range.", f"Use {bound} {rule}.")
    else:
        yield fault(place, f"{shown} is not possible.", f"It must match {kind} {rule}.")


def _shown(value: object) -> str:
    # Long values are never repeated whole.
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."


def _found_beside(path: Path) -> str:
    beside = sorted(p.name for p in path.parent.glob("*.y*ml")) if path.parent.is_dir() else []
    return f"Found there: {', '.join(beside) or 'no YAML file'}."
