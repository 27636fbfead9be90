"""`python -m deploy VERB --target T`: the command line.

Exit codes are those of `deploy.errors`; 0 is done, 2 also a wrong option, 130 is Ctrl-C.
"""

from __future__ import annotations

import json
import signal
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer

from deploy.checks.privacy import Undeclared
from deploy.cli.output import Output
from deploy.contract.inspection import CannotDescribe
from deploy.errors import DeployError
from deploy.masking import masked
from deploy.servers.azmlinfsrv import ServerFailed
from deploy.servers.log import relevant_lines
from deploy.servers.loopback import never_by_proxy
from deploy.service import Service
from deploy.targets.base import Target

#: The exit code of Ctrl-C and `kill`, as shells have it.
INTERRUPTED = 130

#: Where the traceback of the last unforeseen error is kept.
TRACEBACK = Path("build/deploy/last-error.txt")

#: As much as an unforeseen error may say; some carry a whole page.
MESSAGE_LENGTH = 500

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
    """Turn whatever happens into a message, an exit code and, with --json, a JSON object.

    The one place for it: `kill` ends a command as Ctrl-C does, and what nobody foresaw (an answer
    that is HTML, a full disk) is told like any failure, its traceback kept in a file.
    """
    never_by_proxy()
    try:
        with _ended_like_ctrl_c():
            yield
    except typer.Exit:
        raise
    except DeployError as error:
        out.failure(str(error), error.exit_code, relevant_lines(error.log) if error.log else "")
        raise typer.Exit(error.exit_code) from None
    except (ServerFailed, CannotDescribe, Undeclared) as error:
        out.failure(str(error), DeployError.exit_code)
        raise typer.Exit(DeployError.exit_code) from None
    except (KeyboardInterrupt, typer.Abort) as interrupt:
        out.failure(str(interrupt) or "Interrupted.", INTERRUPTED)
        raise typer.Exit(INTERRUPTED) from None
    except Exception as error:  # noqa: BLE001 - nothing may end as a traceback
        out.failure(_unforeseen(error, out), DeployError.exit_code)
        raise typer.Exit(DeployError.exit_code) from None


def _unforeseen(error: Exception, out: Output) -> str:
    """Return what is said of an error that no code of ours expects."""
    doing = f" while “{out.stage}” was under way" if out.stage else ""
    said = f"{type(error).__name__}: {error}".strip()[:MESSAGE_LENGTH]
    try:
        TRACEBACK.parent.mkdir(parents=True, exist_ok=True)
        TRACEBACK.write_text(masked("".join(traceback.format_exception(error))), encoding="utf-8")
        kept = f" {TRACEBACK} has the whole story."
    except OSError:
        kept = ""
    return (
        f"Something that was not foreseen happened{doing}. {said}\n"
        f"Running the same command again does no harm.{kept}"
    )


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
