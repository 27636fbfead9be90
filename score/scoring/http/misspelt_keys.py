"""Misspelt keys at the top of a body.

Azure's server hands `run()` the parameters it has and drops every other key of the body. A
request with `globalparameters` would be answered as if it had said nothing about them, with the
default method. So a key near the name of a parameter that is missing is refused; any other is
ignored, as the server has it.

A large body is not parsed a second time, which would cost as much as the first. Keys at the top
follow the opening brace, or what ends a value there: an object, an array, a scalar that itself has
a key. Only such keys are looked at; those inside rows, which look alike, are told apart by
parsing, but only where one of them is near a parameter's name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from inspect import Parameter, signature
from typing import Any

from inference_schema.schema_util import is_schema_decorated

from scoring.errors import InvalidInput, Problem
from scoring.http.bodies import posted_body, posted_object
from scoring.problems import describe, key_path, nearest, not_of_this_name

#: A JSON string, and a key with its colon.
STRING = rb'"(?:[^"\\]|\\.)*"'
KEY = STRING + rb"\s*:\s*"

#: Keys in a row, all but the last with a scalar.
RUN = rb"(?:" + KEY + rb"(?:" + STRING + rb'|[^\s"\[\]{},]+)\s*,\s*)*' + KEY

#: To compare a name costs some microseconds, and a client may send millions.
COMPARED_KEYS = 1_000

#: Where keys at the top may begin. Three patterns, as each is found by its first character, ten
#: times as fast as one of all.
STARTS = [
    re.compile(start + RUN) for start in (rb"\A\s*\{\s*", rb'\}\s*,\s*(?=")', rb'\]\s*,\s*(?=")')
]
NAMES = re.compile(rb"(" + STRING + rb")\s*:")


def optional_parameters(run: Callable[..., Any]) -> dict[str, Any]:
    """Return the parameters that a request may leave out, with what they are then.

    None where the server does not take parameters from a JSON object.
    """
    if not is_schema_decorated(run):
        return {}
    parameters = signature(run).parameters.values()
    return {one.name: one.default for one in parameters if one.default is not Parameter.empty}


def refuse_misspelt(optional: Mapping[str, Any], given: Mapping[str, Any]) -> None:
    """Refuse a request that seems to mean a parameter which it does not have.

    Args:
        optional: what `optional_parameters` returned.
        given: the arguments that the server made of the request.

    Raises:
        InvalidInput: naming the key and the parameter.
    """
    absent = [name for name, default in optional.items() if given.get(name) is default]
    if not absent or not _may_hold(posted_body(), absent, given):
        return
    body = posted_object()
    unknown = [key for key in body if key not in given][:COMPARED_KEYS]
    misspelt = [name for name in absent if name not in body]
    problems = [
        Problem(key_path("", key), not_of_this_name("key", key, misspelt), describe(body[key]))
        for key in unknown
        if nearest(key, misspelt)
    ]
    if problems:
        raise InvalidInput("the body", problems)


def _may_hold(body: bytes, absent: Collection[str], given: Collection[str]) -> bool:
    """Tell whether a body has a key, perhaps at its top, that is near one of the absent."""
    names = [name for name in _names_at_the_top(body) if name not in absent and name not in given]
    return len(names) > COMPARED_KEYS or any(nearest(name, absent) for name in names)


def _names_at_the_top(body: bytes) -> Iterator[str]:
    """Yield the keys at the top of a JSON object, each once, and some that lie deeper."""
    runs = {found for start in STARTS for found in start.findall(body)}
    for name in {name for run in runs for name in NAMES.findall(run)}:
        # What is half of another string, and so no key, is none.
        with suppress(ValueError):
            yield json.loads(name)
