"""What every verb on a target has in common: --target, the targets' own options, --json, failures.

A verb is a function whose first parameter is a `Session`. The decorator puts the common options
in its place, so that they stand once: a new target's options need no change of any verb.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import wraps
from typing import Any, get_type_hints

import typer

from deploy.cli import options as o
from deploy.cli.app import app, failures
from deploy.cli.output import Output
from deploy.errors import UsageError
from deploy.targets import TARGETS
from deploy.targets.base import Target

#: How click calls a value that stands on the command line.
COMMAND_LINE = "COMMANDLINE"


@dataclass(frozen=True)
class Session:
    """What a verb works with.

    Attributes:
        target: where to.
        out: where its words go.
    """

    target: Target
    out: Output


def target_verb(
    name: str, *, own_options: bool = True
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Add a verb that works on a target.

    Args:
        name: what the command line calls it.
        own_options: whether it talks to the target, and so takes the targets' own options.
    """

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        own = _own_options() if own_options else {}

        @wraps(command)
        def verb(context: typer.Context, target: Any, as_json: bool, **values: Any) -> None:
            out = Output(as_json=as_json, verb=name, target=target.value)
            kind = TARGETS[target.value]
            with failures(out):
                given = {key: values.pop(key) for key in own}
                options = _options(kind, given, context) if own_options else kind.options_type()
                command(Session(kind(options, out.say), out), **values)

        _, *parameters = inspect.signature(command, eval_str=True).parameters.values()
        common = [
            inspect.Parameter("context", KEYWORD, annotation=typer.Context),
            inspect.Parameter("target", KEYWORD, annotation=o.TargetOption),
        ]
        last = inspect.Parameter("as_json", KEYWORD, default=False, annotation=o.JsonOption)
        whole = [
            *common,
            *(parameter.replace(kind=KEYWORD) for parameter in parameters),
            *own.values(),
            last,
        ]
        verb.__signature__ = inspect.Signature(whole)  # type: ignore[attr-defined]
        verb.__annotations__ = {parameter.name: parameter.annotation for parameter in whole}
        return app.command(name)(verb)

    return decorate


KEYWORD = inspect.Parameter.KEYWORD_ONLY


def _own_options() -> dict[str, inspect.Parameter]:
    """Return the options of all targets by name; the same one of several targets stands once."""
    found: dict[str, inspect.Parameter] = {}
    for kind in TARGETS.values():
        hints = get_type_hints(kind.options_type, include_extras=True)
        for field in fields(kind.options_type):
            found[field.name] = inspect.Parameter(
                field.name, KEYWORD, default=field.default, annotation=hints[field.name]
            )
    return found


def _options(kind: type[Target], given: dict[str, Any], context: typer.Context) -> Any:
    """Return the target's own options.

    Raises:
        UsageError: one was given that this target does not have.
    """
    known = {field.name for field in fields(kind.options_type)}
    for name in given.keys() - known:
        source = context.get_parameter_source(name)
        if source is not None and source.name == COMMAND_LINE:
            having = [other.name for other in TARGETS.values() if _has(other, name)]
            option = f"--{name.replace('_', '-')}"
            raise UsageError(
                f"{option} means nothing to {kind.name}: it is for {' and '.join(having)}."
            )
    return kind.options_type(**{name: given[name] for name in known})


def _has(kind: type[Target], name: str) -> bool:
    return any(field.name == name for field in fields(kind.options_type))
