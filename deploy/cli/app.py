"""`python -m deploy VERB --target T`: the command line.

Exit codes are those of `deploy.errors`; 0 is done, 2 also a wrong option, 130 is Ctrl-C.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer

from deploy.checks.run import Report, check
from deploy.cli import options as o
from deploy.cli.output import Output, report_json
from deploy.cli.planning import Wish, make_plan
from deploy.errors import CheckFailed, DeployError, SmokeFailed
from deploy.plan import Plan
from deploy.servers.log import relevant_lines
from deploy.smoke.run import smoke
from deploy.targets import TARGETS
from deploy.targets.base import Service, Target, WorkspaceOptions

app = typer.Typer(
    name="python -m deploy",
    help="Deploy the service: check it, push it to a target, test it there, take it back.",
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
    """Turn every error into a message and an exit code."""
    try:
        yield
    except DeployError as error:
        if error.log:
            out.log(relevant_lines(error.log))
        out.error(str(error))
        if out.as_json and not isinstance(error, CheckFailed):
            out.result({"error": str(error), "exit_code": error.exit_code}, "")
        raise typer.Exit(error.exit_code) from None
    except KeyboardInterrupt as interrupt:
        out.error(str(interrupt) or "Interrupted.")
        raise typer.Exit(130) from None


def checked(wish: Wish, target: type[Target], out: Output) -> tuple[Plan, Report]:
    """Return the plan and its report.

    Raises:
        CheckFailed: there are faults; all findings have been printed.
    """
    out.say("Checking what is to be deployed")
    plan, found = make_plan(wish, target)
    report = check(plan, found) if plan else Report(tuple(found), None)
    out.report(report)
    if plan is None or report.faults:
        if out.as_json:
            out.result(report_json(report), "")
        raise CheckFailed(report.faults)
    return plan, report


@app.command("check")
def check_command(
    target: o.TargetOption,
    model: o.ModelOption = [o.SAMPLE_MODEL],  # noqa: B006 - typer copies it
    name: o.NameOption = "",
    config: o.ConfigOption = Wish.config,
    deployment: o.DeploymentOption = None,
    entry: o.EntryOption = "",
    layout: o.LayoutOption = None,
    sample: o.SampleOption = None,
    no_code: o.NoCodeOption = None,
    as_json: o.JsonOption = False,
) -> None:
    """Find every fault that can be found before anything is sent; needs no network."""
    out = Output(as_json=as_json)
    framework = no_code.value if no_code else ""
    wish = Wish(tuple(model), name, config, deployment, entry, layout, sample, framework=framework)
    with failures(out), out.progress():
        _, report = checked(wish, TARGETS[target.value], out)
        out.result(report_json(report), "No fault found.")


@app.command()
def up(
    target: o.TargetOption,
    model: o.ModelOption = [o.SAMPLE_MODEL],  # noqa: B006 - typer copies it
    name: o.NameOption = "",
    config: o.ConfigOption = Wish.config,
    deployment: o.DeploymentOption = None,
    entry: o.EntryOption = "",
    layout: o.LayoutOption = None,
    sample: o.SampleOption = None,
    port: o.PortOption = 0,
    no_code: o.NoCodeOption = None,
    dry_run: o.DryRunOption = False,
    workspace_config: o.WorkspaceConfigOption = None,
    subscription: o.SubscriptionOption = "",
    resource_group: o.GroupOption = "",
    workspace: o.WorkspaceOption = "",
    as_json: o.JsonOption = False,
) -> None:
    """Check, then create the service or update it, then test it with the sample."""
    out = Output(as_json=as_json)
    framework = no_code.value if no_code else ""
    wish = Wish(tuple(model), name, config, deployment, entry, layout, sample, port, framework)
    names = WorkspaceOptions(workspace_config, subscription, resource_group, workspace)
    place = TARGETS[target.value](names, out.say)
    with failures(out), out.progress():
        plan, report = checked(wish, TARGETS[target.value], out)
        if dry_run:
            preview = place.preview(plan, report.bundle)
            out.result(preview, indented(preview))
            return
        service = place.up(plan, report.bundle)
        out.say(f"Testing {service.scoring_uri}")
        answer = _smoke_or_way_back(place, service, plan)
        out.result({**service.as_json(), "smoke": answer}, _success(service, answer))


def secret(target: Target, service: Service) -> str:
    """Return a key or token of the service; empty when it asks for none."""
    return next(iter(target.keys(service.name).values()), "") if service.auth != "none" else ""


def indented(document: Any) -> str:
    """Return a JSON value as a person reads it."""
    return json.dumps(document, indent=2, default=str)


def _smoke_or_way_back(target: Target, service: Service, plan: Plan) -> dict[str, Any]:
    try:
        key = secret(target, service)
        entry, models = plan.inference.entry, plan.models
        return smoke(service, key, entry, models, plan.sample)
    except SmokeFailed as error:
        log = error.log or "".join(target.logs(service.name, follow=False))
        raise SmokeFailed(
            f"{error}\nThe way back: check out what ran before and run `up` again, or remove it: "
            f"python -m deploy delete --target {target.name} --name {service.name}",
            log,
        ) from None


def _success(service: Service, answer: dict[str, Any]) -> str:
    return (
        f"{service.name} answers at {service.scoring_uri}\n"
        f"Its answer was {answer['comparison']}.\n\n"
        f"Try it:\n  {answer['curl']}\n\nExpect:\n  {json.dumps(answer['answer'])}"
    )
