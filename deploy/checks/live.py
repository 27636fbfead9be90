"""The last check: the folder as it will be uploaded is started and scored on this machine."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from deploy.checks.power_bi import power_bi_problems, uses_power_bi_names
from deploy.checks.privacy import Undeclared, private_published, synthetic_fields
from deploy.findings import Finding, fault, notice
from deploy.plan import Plan
from deploy.servers.azmlinfsrv import Server, ServerFailed
from deploy.smoke.expected import own_predictions
from deploy.smoke.sample import check_answer, find_sample, swagger_of
from deploy.staging.files import Bundle
from deploy.staging.layouts import lay_out


def check_live(plan: Plan, bundle: Bundle) -> list[Finding]:
    """Start the service in the target's layout and score the sample.

    Args:
        plan: what is deployed.
        bundle: the files that are uploaded; nothing else is there.
    """
    entry = plan.inference.entry_file
    with tempfile.TemporaryDirectory() as folder:
        staged = lay_out(Path(folder), plan.inference, bundle, plan.models, plan.layout)
        try:
            with staged.server() as server:
                return _swagger(server, plan) + _score(server, plan)
        except ServerFailed as error:
            return [fault(entry, str(error), "It ran as it would in the container: mend it.")]


def _swagger(server: Server, plan: Plan) -> list[Finding]:
    entry = plan.inference.entry_file
    document = swagger_of(server.url)
    if document is None:
        fix = "Give the decorators of run() samples of plain values."
        return [fault(entry, "Its Swagger cannot be built.", fix)]
    return _privacy(document, entry) + _power_bi(document, entry)


def _privacy(document: dict[str, Any], entry: Path) -> list[Finding]:
    try:
        found = private_published(document, synthetic_fields(entry))
    except Undeclared as error:
        return [fault(entry, "It does not say which fields are invented.", str(error))]
    return [fault(entry, "A published value may be private.", sentence) for sentence in found]


def _power_bi(document: dict[str, Any], entry: Path) -> list[Finding]:
    problems = power_bi_problems(document)
    if not problems:
        return []
    if uses_power_bi_names(document):
        fix = "Follow score/score.py: Inputs, GlobalParameters, Results, plain columns."
        return [fault(entry, f"Power BI cannot use it: {p}.", fix) for p in problems]
    fix = "Nothing to do, unless Power BI is to use it."
    return [notice(entry, f"Power BI cannot use it: {problems[0]}.", fix)]


def _score(server: Server, plan: Plan) -> list[Finding]:
    sample = find_sample(plan.inference.entry, swagger_of(server.url), plan.sample)
    answer = sample.send(server.score_url)
    expected = own_predictions(plan.models, sample.body)
    return check_answer(answer, expected, plan.inference.entry_file)
