"""Misspelt keys at the top of a body.

Azure's server hands `run()` the parameters it has and drops every other key of the body. A
request with `globalparameters` would be answered as if it had said nothing about them, with the
default method. So a key near the name of a parameter that is missing is refused; any other is
ignored, as the server has it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import Parameter, signature
from typing import Any

from inference_schema.schema_util import is_schema_decorated

from scoring.errors import InvalidInput, Problem
from scoring.http.bodies import posted_object
from scoring.problems import describe, key_path, nearest, not_of_this_name

#: Bodies above are not read a second time, which would slow down every large request without
#: parameters; who misspells a key does so in small requests too.
READ_TWICE_BYTES = 16_384


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
    body = posted_object(READ_TWICE_BYTES) if absent else {}
    unknown = [key for key in body if key not in given]
    misspelt = [name for name in absent if name not in body]
    problems = [
        Problem(key_path("", key), not_of_this_name("key", key, misspelt), describe(body[key]))
        for key in unknown
        if nearest(key, misspelt)
    ]
    if problems:
        raise InvalidInput("the body", problems)
