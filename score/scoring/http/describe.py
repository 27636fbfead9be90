"""Telling which models are loaded: `GET /score?describe`.

Everything an operator needs to know which model answers, nothing secret: no path, no traceback.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any

import wrapt

from scoring.errors import InvalidInput, Problem
from scoring.http import host as rawhttp
from scoring.outputs.encoding import encode
from scoring.schemas import require

#: The query parameter that asks.
QUESTION = "describe"

Run = Callable[..., Any]


def describable(
    describe: Callable[[], object], *, required: Sequence[str] = ()
) -> Callable[[Run], Run]:
    """Decorate `run()` so that `GET /score?describe` answers `describe()`.

    It goes between `@endpoint` and the schema's decorators. The server passes a GET's query as
    parameters and refuses one that lacks a parameter; so the parameters need a default, `...`,
    and this decorator refuses a request to score without them and has the Swagger say so.

    Args:
        describe: returns the description.
        required: parameters that a request to score must have.
    """

    @wrapt.decorator
    def answer(run: Run, _instance: None, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if rawhttp.asked(QUESTION):
            return rawhttp.respond(encode(describe()), HTTPStatus.OK)
        for name in required:
            if kwargs.get(name, ...) is ...:
                expected = "a value (GET /score?describe tells about the service)"
                raise InvalidInput("the body", [Problem(name, expected, "nothing")])
        return run(*args, **kwargs)

    def decorate(run: Run) -> Run:
        require(run, required)
        decorated: Run = answer(run)
        return decorated

    return decorate
