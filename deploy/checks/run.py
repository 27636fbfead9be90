"""`check`: every fault that can be found before anything is sent.

What the files say comes first; the service is started only when they are sound, so that one
run shows all the faults that have one cause each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from deploy.checks import (
    answer,
    entry_script,
    files,
    imports,
    live,
    models,
    modules,
    packages,
    published,
    service_name,
    studio,
)
from deploy.checks.context import SERVER_PACKAGES, Check, Context, Options
from deploy.config import rules
from deploy.errors import UsageError
from deploy.findings import TARGET_RULE, Finding, Level, Rule, nearest
from deploy.plan import Plan
from deploy.staging.files import Bundle

#: In the order in which they look; those that need the service last. To add one: a file with
#: its rules and its function, and a line here.
CHECKS: tuple[Check, ...] = (
    service_name.CHECK,
    models.CHECK,
    entry_script.CHECK,
    studio.CHECK,
    files.CHECK,
    modules.CHECK,
    packages.CHECK,
    imports.CHECK,
    live.CHECK,
    published.CHECK,
    answer.CHECK,
)

#: What a target's own file finds.
TARGET = Rule(
    TARGET_RULE,
    Level.FAULT,
    "The target itself does not allow it; the message says what.",
    "a model of 1 GB on ACI",
    "As the message says.",
)


def all_rules() -> dict[str, Rule]:
    """Return every kind of finding by its id, in the order of docs/checks.md."""
    found = [TARGET, *rules.RULES, *(rule for check in CHECKS for rule in check.rules)]
    return {rule.id: rule for rule in found}


@dataclass(frozen=True)
class Report:
    """What `check` found.

    Attributes:
        findings: faults first, each once.
        bundle: the files that would be uploaded; None where code is not uploaded.
    """

    findings: tuple[Finding, ...]
    bundle: Bundle | None

    @property
    def faults(self) -> list[Finding]:
        """The findings that stop a deployment."""
        return [finding for finding in self.findings if finding.level is Level.FAULT]


def check(
    plan: Plan,
    known: Sequence[Finding] = (),
    options: Options | None = None,
    servers: tuple[str, ...] = SERVER_PACKAGES,
) -> Report:
    """Check a plan.

    Args:
        plan: what is to be deployed.
        known: what reading the configuration and the target's own rules found already.
        options: what the operator asks for.
        servers: the packages of Azure's server that the target takes.

    Raises:
        UsageError: a finding is waived that does not exist.
    """
    context = Context(plan, _with_project(plan, options or Options()), servers)
    waive = context.options.waive
    check_waivers(waive)
    found = [*known, *(f for c in CHECKS if not c.live for f in c.run(context))]
    report = make_report(found, context.bundle, waive)
    if report.faults or context.bundle is None or not context.options.live:
        return report
    with live.running(context) as told:
        found += told
        found += [f for c in CHECKS if c.live for f in c.run(context)]
    return make_report(found, context.bundle, waive)


def _with_project(plan: Plan, options: Options) -> Options:
    """Return the options with what the project's own configuration asks for."""
    demand = plan.inference.demand
    return replace(
        options,
        power_bi=options.power_bi or "power-bi" in demand,
        private=options.private or "private" in demand,
        waive={**plan.inference.waive, **options.waive},
    )


def check_waivers(waive: Mapping[str, str]) -> None:
    """Refuse to waive what no check finds.

    Raises:
        UsageError: an id is unknown.
    """
    known = all_rules()
    for name in waive.keys() - known.keys():
        near = nearest(name, known)
        hint = f"Did you mean {near}?" if near else "docs/checks.md lists them."
        raise UsageError(f"--waive {name}: there is no finding of this name. {hint}")


def make_report(
    found: Sequence[Finding], bundle: Bundle | None, waive: Mapping[str, str] | None = None
) -> Report:
    """Return the report: what is waived counts as a notice and says why."""
    reasons = waive or {}
    weighed = [
        replace(f, level=Level.NOTICE, waived=reasons[f.id] or "no reason given")
        if f.id in reasons
        else f
        for f in found
    ]
    weight = list(Level)
    ordered = sorted(dict.fromkeys(weighed), key=lambda finding: weight.index(finding.level))
    return Report(tuple(ordered), bundle)
