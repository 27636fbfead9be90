"""The service's name, as Azure takes it."""

from __future__ import annotations

import re

from deploy.findings import Finding, fault


def check_name(name: str) -> list[Finding]:
    """Return a fault when Azure would not take the service's name."""
    low, high = SERVICE_NAME_LENGTHS
    found = []
    if not low <= len(name) <= high:
        problem = f"{name!r} has {len(name)} characters."
        found.append(fault("--name", problem, f"Use {low} to {high}."))
    if not re.fullmatch(SERVICE_NAME, name):
        fix = "Use lower-case letters, digits and dashes, from a letter to a letter or digit."
        found.append(fault("--name", f"{name!r} is not possible.", fix))
    return found


#: Service names, as `azureml-core` checks them before the first request.
SERVICE_NAME = r"^[a-z]([-a-z0-9]*[a-z0-9])?$"


SERVICE_NAME_LENGTHS = (3, 32)
