"""`python -m deploy VERB --target T`: the command line.

Exit codes are those of `deploy.errors`; 0 is done, 2 also a wrong option, 130 is Ctrl-C.
"""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests
import typer

from deploy.checks.privacy import Undeclared
from deploy.cli.output import Output
from deploy.contract.inspection import CannotDescribe
from deploy.errors import CheckFailed, DeployError
from deploy.servers.azmlinfsrv import ServerFailed
from deploy.servers.log import relevant_lines
from deploy.service import Service
from deploy.targets.base import Target

app = typer.Typer(
    name="python -m deploy",
    help="Serve the service here, describe it, check it, deploy it, test it there, take it back.",
    epilog="Exit codes: 0 done; 1 deployment failed; 2 wrong command line or configuration; "
    "3 faults found; 4 no such service; 5 Azure refused or not reachable; 6 smoke test failed; "
    "130 Ctrl-C.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@contextmanager
def failures(out: Output) -> Iterator[None]:
    """Turn every error into a message and an exit code; `kill` ends a command as Ctrl-C does."""
    try:
        with _ended_like_ctrl_c():
            yield
    except DeployError as error:
        if error.log:
            out.log(relevant_lines(error.log))
        out.error(str(error))
        if out.as_json and not isinstance(error, CheckFailed):
            out.result({"error": str(error), "exit_code": error.exit_code}, "")
        raise typer.Exit(error.exit_code) from None
    except (ServerFailed, CannotDescribe, Undeclared, requests.RequestException) as error:
        out.error(str(error))
        raise typer.Exit(DeployError.exit_code) from None
    except KeyboardInterrupt as interrupt:
        out.error(str(interrupt) or "Interrupted.")
        raise typer.Exit(130) from None


@contextmanager
def _ended_like_ctrl_c() -> Iterator[None]:
    """Let SIGTERM and a closing terminal end like Ctrl-C: through every clean-up on the way."""
    numbers = (signal.SIGTERM, signal.SIGHUP)
    before = [signal.signal(number, signal.default_int_handler) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def secret(target: Target, service: Service) -> str:
    """Return a key or token of the service; empty when it asks for none."""
    return next(iter(target.keys(service.name).values()), "") if service.auth != "none" else ""


def indented(document: Any) -> str:
    """Return a JSON value as a person reads it."""
    return json.dumps(document, indent=2, default=str)
