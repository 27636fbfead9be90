"""The verbs for a service that is there: status, logs, keys, smoke, delete, list."""

from __future__ import annotations

import sys
from pathlib import Path

import typer
from rich.table import Table

from deploy.cli import options as o
from deploy.cli.app import indented, secret
from deploy.cli.planning import Wish, service_name
from deploy.cli.target_verb import Session, target_verb
from deploy.config.inference import load_inference
from deploy.config.reader import Faults
from deploy.errors import DeployError, NotFound, UsageError
from deploy.masking import masked
from deploy.smoke.run import smoke
from deploy.staging.models import parse_model
from deploy.targets.base import Target


@target_verb("status")
def status(session: Session, name: o.NameOption = "") -> None:
    """Tell the service's state and address; exit code 1 when it is not healthy."""
    service = session.target.status(_named(session.target, name))
    if service.healthy:
        session.out.result(service.as_json(), indented(service.as_json()))
        return
    session.out.so_far(service.as_json(), indented(service.as_json()))
    raise DeployError(f"{service.name} is not healthy: its state is {service.state}.")


@target_verb("logs")
def logs(session: Session, name: o.NameOption = "", follow: o.FollowOption = False) -> None:
    """Print the service's own log."""
    if session.out.as_json and follow:
        raise UsageError("--follow has no end, and so no JSON object: leave out one of them.")
    said = session.target.logs(_named(session.target, name), follow=follow)
    if session.out.as_json:
        session.out.result({"log": "".join(said)}, "")
        return
    for text in said:
        print(masked(text), end="", flush=True)


@target_verb("keys")
def keys(
    session: Session,
    name: o.NameOption = "",
    regenerate: o.RegenerateOption = None,
    dry_run: o.DryRunOption = False,
) -> None:
    """Print what authenticates a request: two keys, or a token."""
    chosen = regenerate.value if regenerate else ""
    service = _named(session.target, name)
    if dry_run and chosen:
        sent = {"regenerate": chosen, "service": service, "target": session.target.name}
        session.out.result(sent, indented(sent))
        return
    found = session.target.keys(service, regenerate=chosen)
    lines = [f"{kind}: {value}" for kind, value in found.items()]
    told = "\n".join(lines) or "No authentication: there are no keys."
    session.out.result(found, told, secret=True)


@target_verb("smoke")
def smoke_command(
    session: Session,
    model: o.ModelOption = [o.SAMPLE_MODEL],  # noqa: B006 - typer copies it
    name: o.NameOption = "",
    config: o.ConfigOption = Wish.config,
    entry: o.EntryOption = "",
    sample: o.SampleOption = None,
) -> None:
    """Send the sample and hold the answer against the model's own prediction."""
    models = [parse_model(text) for text in model]
    service = session.target.status(service_name(name, tuple(models)))
    script = Path(entry) if entry else _entry(config)
    answer = smoke(service, secret(session.target, service), script, models, sample)
    session.out.result(answer, indented(answer))


@target_verb("delete")
def delete(
    session: Session,
    name: o.NameOption = "",
    yes: o.YesOption = False,
    dry_run: o.DryRunOption = False,
) -> None:
    """Remove the service; registered models stay. Asks first, on a terminal."""
    if yes and not name:
        raise UsageError("With --yes nobody is asked: say which service, with --name.")
    service = session.target.status(_named(session.target, name))
    where = f"{service.name} on {session.target.name}"
    if dry_run:
        shown = {"delete": service.as_json()}
        session.out.result(shown, indented(shown))
        return
    if not yes:
        if not sys.stdin.isatty():
            raise UsageError(f"Nobody is there to be asked whether {where} may go: give --yes.")
        if not typer.confirm(f"Remove {where} ({service.state})?", err=True):
            raise DeployError("Nothing was removed.")
    session.target.delete(service.name)
    session.out.result(
        {"deleted": service.name}, f"{service.name} is gone from {session.target.name}."
    )


@target_verb("list")
def list_command(session: Session) -> None:
    """List the target's services."""
    services = session.target.services()
    if session.out.as_json:
        session.out.result([service.as_json() for service in services], "")
        return
    table = Table("name", "state", "address")
    for service in services:
        table.add_row(service.name, service.state, service.scoring_uri)
    session.out.table(table)


def _named(target: Target, name: str) -> str:
    """Return the service's name: the one given, or that of the only one there.

    Raises:
        NotFound: no name was given, and there is none.
        UsageError: no name was given, and there are several.
    """
    if name:
        return name
    there = [service.name for service in target.services()]
    if not there:
        raise NotFound(f"There is no service on {target.name}.")
    if len(there) > 1:
        raise UsageError(f"{target.name} has {', '.join(there)}: say which, with --name.")
    return there[0]


def _entry(config: Path) -> Path:
    try:
        return load_inference(config)[0].entry_file
    except Faults as faults:
        raise UsageError("\n".join(map(str, faults.findings))) from None
