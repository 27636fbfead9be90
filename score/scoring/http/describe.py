"""Telling which models are loaded: `GET /score?describe`.

Everything an operator needs to know which model answers, nothing secret: no path, no traceback.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

import wrapt
from inference_schema.schema_util import get_input_schema, is_schema_decorated

from scoring.errors import InvalidInput, Problem
from scoring.http import host as rawhttp
from scoring.models.discovery import model_dir, model_name
from scoring.models.loading import LoadedModel
from scoring.outputs.encoding import encode

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
        if required and is_schema_decorated(run):
            get_input_schema(run)["required"] = list(required)
        decorated: Run = answer(run)
        return decorated

    return decorate


def describe_loaded(environ: Mapping[str, str], loaded: LoadedModel) -> dict[str, Any]:
    """Return the description of a door with one model, which `environ` led to."""
    name, version = model_name(model_dir(environ), loaded.path)
    return {"models": [describe_model(name, version, loaded)]}


def describe_model(name: str, version: str, loaded: LoadedModel) -> dict[str, Any]:
    """Return what the description says of a loaded model."""
    record = loaded.record
    return {
        "name": name,
        "version": version,
        "status": "loaded",
        "format": loaded.format,
        "sha256": loaded.sha256,
        "verified": record is not None,
        "trained_at": record.trained_at if record else None,
        "trained_by": record.by if record else None,
        "libraries": record.libraries if record else {},
        "library_mismatches": loaded.mismatches,
        "loaded_at": loaded.loaded_at,
        "memory_bytes": loaded.memory_bytes,
    }
