"""The request: query and body of both formats, read strictly, before any table is made."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NoReturn

from scoring.problems import describe, nearest, shorten

from studio_runtime.config import Config, Names, Profile
from studio_runtime.errors import BadArgument

Shape = Literal["table", "list"]

QUERY = {
    "api-version": ("2.0",),
    "details": ("true", "false"),
    "format": ("swagger", "table"),
    "device": ("true", "false"),
    "images": ("list", "concat"),
}


@dataclass(frozen=True)
class Query:
    """What the query string asks for.

    Attributes:
        shape: of the answer; None leaves it to the request's.
        details: names and types beside the values of a table.
        device: console and pictures as one more output.
        concat: the pictures as one, below each other.
    """

    shape: Shape | None = None
    details: bool = False
    device: bool = False
    concat: bool = False


@dataclass(frozen=True)
class Call:
    """What the body asks for.

    Attributes:
        profile: whose names and values the client speaks.
        names: of inputs and outputs.
        shape: of its tables; None when it sent none.
        inputs: name and table as they came, by the script's order; None where none was sent.
    """

    profile: Profile
    names: Names
    shape: Shape | None
    inputs: tuple[tuple[str, Any], ...]


def read_query(arguments: Mapping[str, list[str]]) -> Query:
    """Return what the query string asks for.

    Args:
        arguments: name to the values given for it.

    Raises:
        BadArgument: InvalidQueryParameter; a name or a value is not known, or given twice.
    """
    chosen: dict[str, str] = {}
    for name, values in arguments.items():
        if name not in QUERY:
            near = nearest(name, QUERY)
            hint = f" Did you mean {near}?" if near else f" There are {', '.join(QUERY)}."
            _refuse("InvalidQueryParameter", f"{shorten(name)} is no query parameter.{hint}")
        value = values[-1].lower()
        if len(values) > 1 or value not in QUERY[name]:
            allowed = " or ".join(QUERY[name])
            _refuse(
                "InvalidQueryParameter",
                f"The query parameter {name} is {shorten(', '.join(values))}; use {allowed}.",
            )
        chosen[name] = value
    shape: dict[str, Shape] = {"swagger": "list", "table": "table"}
    return Query(
        shape.get(chosen.get("format", "")),
        chosen.get("details") == "true",
        chosen.get("device") == "true",
        chosen.get("images") == "concat",
    )


def read_call(body: bytes, config: Config, most: int) -> Call:
    """Return what a body asks for.

    Args:
        body: JSON in UTF-8.
        config: which names are known.
        most: how many tables the script takes.

    Raises:
        BadArgument: with the code of what is wrong.
    """
    content = _parse(body)
    for key in content:
        if key not in ("Inputs", "GlobalParameters"):
            _refuse(
                "UnexpectedParameter",
                f"{shorten(key)} is not known; send Inputs and GlobalParameters.",
            )
    inputs = content.get("Inputs")
    if not isinstance(inputs, dict):
        _refuse("RequestBodyInvalid", f"Inputs must be an object; found {describe(inputs)}.")
    parameters = content.get("GlobalParameters")
    if parameters is not None and not isinstance(parameters, dict):
        _refuse(
            "RequestBodyInvalid",
            f"GlobalParameters must be an object; found {describe(parameters)}.",
        )
    for name in parameters or ():
        _refuse(
            "UnexpectedParameter", f"The script takes no global parameter; found {shorten(name)}."
        )
    return _call(inputs, config, most)


def _call(inputs: dict[str, Any], config: Config, most: int) -> Call:
    profiles = config.profiles()
    named = [p for p, names in profiles.items() if set(inputs) & set(names.inputs)]
    profile = named[0] if named else next(iter(profiles))
    names = profiles[profile]
    usable = names.inputs if config.mapping == "connected" and most else names.inputs[:most]
    for name in inputs:
        if name not in usable:
            there = ", ".join(usable) or "none"
            _refuse("InvalidInputNames", f"{shorten(name)} is no input; there are: {there}.")
    tables = [(name, inputs.get(name)) for name in names.inputs]
    given = [(name, table) for name, table in tables if table is not None]
    if most and not given:
        _refuse("MissingRequestInput", f"No input was sent; there are: {', '.join(usable)}.")
    if config.mapping == "connected":
        tables = [*given, *[("", None)] * (len(tables) - len(given))]
        if len(given) > most:
            _refuse("InvalidInputNames", f"The script takes {most} table; {len(given)} were sent.")
    shapes = {_shape(table, name) for name, table in inputs.items() if table is not None}
    if len(shapes) > 1:
        _refuse("RequestBodyInvalid", "One input is a table and one a list; send both alike.")
    return Call(profile, names, next(iter(shapes), None), tuple(tables[:most]))


def _shape(table: Any, name: str) -> Shape:
    if isinstance(table, dict):
        return "table"
    if isinstance(table, list):
        return "list"
    return _refuse(
        "InputParseError",
        f"{name} must be an object with ColumnNames and Values, or a list of rows; "
        f"found {describe(table)}.",
    )


def _parse(body: bytes) -> dict[str, Any]:
    try:
        content = json.loads(
            body.decode("utf-8-sig"), object_pairs_hook=_object, parse_constant=_no_number
        )
    except UnicodeDecodeError:
        _refuse("RequestBodyInvalid", "The body is not UTF-8, as JSON has to be.")
    except json.JSONDecodeError as error:
        _refuse("RequestBodyInvalid", f"The body is not JSON: {error}.")
    except RecursionError:
        _refuse("RequestBodyInvalid", "The body is nested too deeply.")
    except ValueError:
        # Python reads no integers of more than 4300 digits.
        _refuse("RequestBodyInvalid", "The body has a number of too many digits.")
    if not isinstance(content, dict):
        _refuse("RequestBodyInvalid", f"The body must be an object; found {describe(content)}.")
    return content


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in content if keys.count(key) > 1)
        _refuse("RequestBodyInvalid", f"The key {shorten(twice)} appears twice in one object.")
    return content


def _no_number(literal: str) -> NoReturn:
    _refuse("RequestBodyInvalid", f"{literal} is no JSON; send null or a string.")


def _refuse(code: str, message: str) -> NoReturn:
    raise BadArgument(message, code)
