"""The verbs for a service that is there: status, logs, keys, smoke, delete, list."""

from __future__ import annotations

from pathlib import Path

import typer
from rich.table import Table

from deploy.cli import options as o
from deploy.cli.app import app, failures, indented, secret
from deploy.cli.output import Output
from deploy.cli.planning import Wish, service_name
from deploy.config.inference import load_inference
from deploy.config.reader import Faults
from deploy.errors import DeployError, UsageError
from deploy.sdk_v1.workspace import WorkspaceOptions
from deploy.smoke.run import smoke
from deploy.staging.models import parse_model
from deploy.targets import TARGETS
from deploy.targets.base import Target


@app.command()
def status(
    target: o.TargetOption,
    name: o.NameOption = "",
    workspace_config: o.WorkspaceConfigOption = None,
    subscription: o.SubscriptionOption = "",
    resource_group: o.GroupOption = "",
    workspace: o.WorkspaceOption = "",
    as_json: o.JsonOption = False,
) -> None:
    """Tell the service's state and address; exit code 1 when it is not healthy."""
    out = Output(as_json=as_json)
    names = WorkspaceOptions(workspace_config, subscription, resource_group, workspace)
    with failures(out):
        service = _place(target, names, out).status(_named(name))
        out.result(service.as_json(), indented(service.as_json()))
    if not service.healthy:
        raise typer.Exit(DeployError.exit_code)


@app.command()
def logs(
    target: o.TargetOption,
    name: o.NameOption = "",
    follow: o.FollowOption = False,
    workspace_config: o.WorkspaceConfigOption = None,
    subscription: o.SubscriptionOption = "",
    resource_group: o.GroupOption = "",
    workspace: o.WorkspaceOption = "",
) -> None:
    """Print the service's own log."""
    out = Output(as_json=False)
    names = WorkspaceOptions(workspace_config, subscription, resource_group, workspace)
    with failures(out):
        for text in _place(target, names, out).logs(_named(name), follow=follow):
            print(text, end="", flush=True)


@app.command()
def keys(
    target: o.TargetOption,
    name: o.NameOption = "",
    regenerate: o.RegenerateOption = None,
    dry_run: o.DryRunOption = False,
    workspace_config: o.WorkspaceConfigOption = None,
    subscription: o.SubscriptionOption = "",
    resource_group: o.GroupOption = "",
    workspace: o.WorkspaceOption = "",
    as_json: o.JsonOption = False,
) -> None:
    """Print what authenticates a request: two keys, or a token."""
    out = Output(as_json=as_json)
    names = WorkspaceOptions(workspace_config, subscription, resource_group, workspace)
    chosen = regenerate.value if regenerate else ""
    with failures(out):
        place = _place(target, names, out)
        if dry_run and chosen:
            sent = {"regenerate": chosen, "service": _named(name), "target": target.value}
            out.result(sent, indented(sent))
            return
        found = place.keys(_named(name), regenerate=chosen)
        lines = [f"{kind}: {value}" for kind, value in found.items()]
        out.result(found, "\n".join(lines) or "No authentication: there are no keys.")


@app.command("smoke")
def smoke_command(
    target: o.TargetOption,
    model: o.ModelOption = [o.SAMPLE_MODEL],  # noqa: B006 - typer copies it
    name: o.NameOption = "",
    config: o.ConfigOption = Wish.config,
    entry: o.EntryOption = "",
    sample: o.SampleOption = None,
    workspace_config: o.WorkspaceConfigOption = None,
    subscription: o.SubscriptionOption = "",
    resource_group: o.GroupOption = "",
    workspace: o.WorkspaceOption = "",
    as_json: o.JsonOption = False,
) -> None:
    """Send the sample and hold the answer against the model's own prediction."""
    out = Output(as_json=as_json)
    names = WorkspaceOptions(workspace_config, subscription, resource_group, workspace)
    with failures(out):
        place = _place(target, names, out)
        models = [parse_model(text) for text in model]
        service = place.status(service_name(name, tuple(models)))
        script = Path(entry) if entry else _entry(config)
        answer = smoke(service, secret(place, service), script, models, sample)
        out.result(answer, indented(answer))


@app.command()
def delete(
    target: o.TargetOption,
    name: o.NameOption = "",
    dry_run: o.DryRunOption = False,
    workspace_config: o.WorkspaceConfigOption = None,
    subscription: o.SubscriptionOption = "",
    resource_group: o.GroupOption = "",
    workspace: o.WorkspaceOption = "",
    as_json: o.JsonOption = False,
) -> None:
    """Remove the service; registered models stay."""
    out = Output(as_json=as_json)
    names = WorkspaceOptions(workspace_config, subscription, resource_group, workspace)
    with failures(out):
        place = _place(target, names, out)
        service = place.status(_named(name))
        if dry_run:
            out.result({"delete": service.as_json()}, indented({"delete": service.as_json()}))
            return
        place.delete(service.name)
        out.result({"deleted": service.name}, f"{service.name} is gone from {target.value}.")


@app.command("list")
def list_command(
    target: o.TargetOption,
    workspace_config: o.WorkspaceConfigOption = None,
    subscription: o.SubscriptionOption = "",
    resource_group: o.GroupOption = "",
    workspace: o.WorkspaceOption = "",
    as_json: o.JsonOption = False,
) -> None:
    """List the target's services."""
    out = Output(as_json=as_json)
    names = WorkspaceOptions(workspace_config, subscription, resource_group, workspace)
    with failures(out):
        services = _place(target, names, out).services()
        if as_json:
            out.result([service.as_json() for service in services], "")
            return
        table = Table("name", "state", "address")
        for service in services:
            table.add_row(service.name, service.state, service.scoring_uri)
        out.table(table)


def _place(target: o.TargetName, names: WorkspaceOptions, out: Output) -> Target:
    return TARGETS[target.value](names, out.say)


def _named(name: str) -> str:
    return service_name(name, (parse_model(o.SAMPLE_MODEL),))


def _entry(config: Path) -> Path:
    try:
        return load_inference(config)[0].entry_file
    except Faults as faults:
        raise UsageError("\n".join(map(str, faults.findings))) from None
