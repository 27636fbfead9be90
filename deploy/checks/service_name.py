"""The service's name, as Azure takes it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from deploy.checks.context import Check, Context
from deploy.findings import Finding, Level, Rule

#: Service names, as `azureml-core` checks them before the first request.
SERVICE_NAME = r"^[a-z]([-a-z0-9]*[a-z0-9])?$"
LONGEST, SHORTEST_IN_AZURE = 32, 3

NAME = Rule(
    "name.not-azure",
    Level.FAULT,
    "Azure does not take this name for a service.",
    "`--name My_Service`",
    "Use lower-case letters, digits and dashes, from a letter to a letter or digit.",
)


def check_name(context: Context) -> Iterator[Finding]:
    """Yield a fault when the target would not take the service's name."""
    name, low = context.plan.name, SHORTEST_IN_AZURE if context.in_azure else 1
    if not low <= len(name) <= LONGEST:
        problem = f"{name!r} has {len(name)} characters."
        yield NAME.at("--name", problem, f"Use {low} to {LONGEST}.")
    if not re.fullmatch(SERVICE_NAME, name):
        yield NAME.at("--name", f"{name!r} is not possible.")


CHECK = Check(check_name, (NAME,))
