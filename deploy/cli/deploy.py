"""The verbs that bring a service about: check and up."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from deploy.checks.context import Options
from deploy.checks.run import Report, check, make_report
from deploy.cli import options as o
from deploy.cli.app import indented, secret
from deploy.cli.output import Output, report_json
from deploy.cli.planning import Wish, make_plan
from deploy.cli.target_verb import Session, target_verb
from deploy.errors import CheckFailed, SmokeFailed
from deploy.masking import masked_document
from deploy.plan import Plan
from deploy.service import Service
from deploy.smoke.run import smoke
from deploy.smoke.verdict import expected_answer
from deploy.targets.base import Target


def checked(wish: Wish, target: type[Target], out: Output, wanted: Options) -> tuple[Plan, Report]:
    """Return the plan and its report.

    Raises:
        CheckFailed: there are faults; all findings have been printed.
    """
    out.say("Checking what is to be deployed")
    plan, found = make_plan(wish, target)
    report = check(plan, found, wanted, target.servers) if plan else make_report(found, None)
    out.report(report)
    if plan is None or report.faults:
        out.so_far(report_json(report))
        raise CheckFailed(report.faults)
    return plan, report


def _wanted(
    waive: list[str],
    expect: Path | None,
    power_bi: bool,
    private: bool,
    no_install: bool,
    out: Output,
) -> Options:
    """Return the options of a check; a waiver is `ID` or `ID=REASON`."""
    waived = {name: reason for name, _, reason in (text.partition("=") for text in waive)}
    return Options(power_bi, private, no_install, expect, waived, say=out.say)


@target_verb("check", own_options=False)
def check_command(
    session: Session,
    model: o.ModelOption = [o.SAMPLE_MODEL],  # noqa: B006 - typer copies it
    name: o.NameOption = "",
    config: o.ConfigOption = Wish.config,
    deployment: o.DeploymentOption = None,
    entry: o.EntryOption = "",
    layout: o.LayoutOption = None,
    sample: o.SampleOption = None,
    waive: o.WaiveOption = [],  # noqa: B006 - typer copies it
    expect: o.ExpectOption = None,
    power_bi: o.PowerBiOption = False,
    private: o.PrivateOption = False,
    no_install: o.NoInstallOption = False,
    no_code: o.NoCodeOption = None,
) -> None:
    """Find every fault that can be found before anything is sent; needs no network."""
    framework = no_code.value if no_code else ""
    wish = Wish(tuple(model), name, config, deployment, entry, layout, sample, framework=framework)
    wanted = _wanted(waive, expect, power_bi, private, no_install, session.out)
    with session.out.progress():
        _, report = checked(wish, type(session.target), session.out, wanted)
        session.out.result(report_json(report), "No fault found.")


@target_verb("up")
def up(
    session: Session,
    model: o.ModelOption = [o.SAMPLE_MODEL],  # noqa: B006 - typer copies it
    name: o.NameOption = "",
    config: o.ConfigOption = Wish.config,
    deployment: o.DeploymentOption = None,
    entry: o.EntryOption = "",
    layout: o.LayoutOption = None,
    sample: o.SampleOption = None,
    waive: o.WaiveOption = [],  # noqa: B006 - typer copies it
    expect: o.ExpectOption = None,
    power_bi: o.PowerBiOption = False,
    private: o.PrivateOption = False,
    no_install: o.NoInstallOption = False,
    port: o.PortOption = 0,
    no_code: o.NoCodeOption = None,
    dry_run: o.DryRunOption = False,
) -> None:
    """Check, then create the service or update it, then test it with the sample."""
    place, out = session.target, session.out
    framework = no_code.value if no_code else ""
    wish = Wish(tuple(model), name, config, deployment, entry, layout, sample, port, framework)
    wanted = _wanted(waive, expect, power_bi, private, no_install, out)
    with out.progress():
        plan, report = checked(wish, type(place), out, wanted)
        if dry_run:
            preview = place.preview(plan, report.bundle)
            out.result(preview, indented(masked_document(preview)))
            return
        service = place.up(plan, report.bundle)
        out.say(f"Testing {service.scoring_uri}")
        answer = _smoke_or_way_back(place, service, plan, wanted)
        out.result({**service.as_json(), "smoke": answer}, _success(service, answer))


def _smoke_or_way_back(
    target: Target, service: Service, plan: Plan, wanted: Options
) -> dict[str, Any]:
    try:
        key = secret(target, service)
        answer = expected_answer(wanted.expect)
        return smoke(service, key, plan.inference.entry_file, plan.models, plan.sample, answer)
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
