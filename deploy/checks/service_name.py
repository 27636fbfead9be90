"""What the targets allow: names, sizes, and which of them are on their way out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from deploy.checks.packages import read_packages
from deploy.config.inference import Inference
from deploy.config.vocabulary import SERVICE_NAME, SERVICE_NAME_LENGTHS
from deploy.findings import Finding, fault, notice, warning
from deploy.staging.models import ModelSource

GIGABYTE = 1_000_000_000

#: ACI's limit for the models of one service.
ACI_MODEL_BYTES = GIGABYTE


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


def check_aci(values: dict[str, Any], models: Sequence[ModelSource], where: str) -> list[Finding]:
    """Return what ACI does not allow, and what its defaults leave open."""
    found = [legacy("Azure Container Instances")]
    for model in models:
        if model.size() > ACI_MODEL_BYTES:
            problem = f"{model.size() / GIGABYTE:.1f} GB; ACI takes models below 1 GB."
            found.append(fault(model.path, problem, "Deploy it to aks."))
    if not values.get("authEnabled"):
        fix = "Set authEnabled: true, unless the model may be public."
        found.append(warning(where, "authEnabled is off: anyone can score.", fix))
    elif not values.get("sslEnabled"):
        fix = "Set sslEnabled: true with sslCertificate, sslKey and cname for real data."
        found.append(notice(where, "sslEnabled is off: keys and data travel unencrypted.", fix))
    return found


def check_aks(values: dict[str, Any], _models: Sequence[ModelSource], where: str) -> list[Finding]:
    """Return what AKS does not allow."""
    found = [legacy("Azure Kubernetes Service")]
    if values.get("authEnabled") is False and not values.get("tokenAuthEnabled"):
        fix = "Set authEnabled or tokenAuthEnabled to true, unless the cluster is private."
        found.append(warning(where, "No authentication: anyone who reaches it can score.", fix))
    if values.get("maxConcurrentRequestsPerContainer", 1) > 1:
        fix = "Leave it at 1; raise the number of replicas instead."
        problem = "maxConcurrentRequestsPerContainer above 1 makes requests wait for each other."
        found.append(warning(where, problem, fix))
    return found


def check_container(inference: Inference) -> list[Finding]:
    """Return what an image without conda cannot have."""
    if inference.conda_file is None:
        problem = "environment is given, which only Azure ML can build."
        return [fault(inference.path, problem, "Give condaFile instead: a container needs it.")]
    packages, _ = read_packages(inference.conda_file)
    if not packages.conda:
        return []
    problem = f"A container has no conda, which {', '.join(packages.conda)} need."
    return [fault(inference.conda_file, problem, "Move them to the pip list.")]


def legacy(service: str) -> Finding:
    """Return the notice that SDK v1's web services are on their way out."""
    return notice(
        "--target",
        f"Web services of SDK v1 on {service} are legacy; its support ended on 2026-06-30.",
        "Start new services on managed or Kubernetes online endpoints (v2).",
    )
