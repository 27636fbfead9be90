"""The two configuration files: what is deployed, and how the target is to be set up.

`inference_config.yml` says what is uploaded, started and installed; `deploy/aci.yml` and
`deploy/aks.yml` say how much of what. The keys are the Azure ML CLI v1's. Its loader is not
part of any package, so the mapping is ours; unlike the SDK's helper it ignores nothing.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.config.reader import Faults, read_yaml, validate
from deploy.config.vocabulary import ACI, AKS, INFERENCE
from deploy.findings import Finding, fault, warning

#: Keys that describe the environment in pieces; `environment` replaces them all.
PIECES = ("runtime", "condaFile", "extraDockerfileSteps", "enableGpu", "cudaVersion", "baseImage")


@dataclass(frozen=True)
class Inference:
    """What `inference_config.yml` says.

    Attributes:
        path: the file itself.
        source: the folder that is uploaded.
        entry: the entry script, relative to `source`.
        conda_file: the conda environment file, or None when `environment` is given.
        environment: the `environment` key: a whole Environment, or its name and version.
        base_image: the image to build upon; Azure's default when None.
        registry: address, username and password of the base image's registry.
        gpu: whether to build upon Azure's image with CUDA.
        description: free text.
    """

    path: Path
    source: Path
    entry: Path
    conda_file: Path | None
    environment: dict[str, Any] | str | None = None
    base_image: str | None = None
    registry: dict[str, str] | None = None
    gpu: bool = False
    description: str | None = None

    @property
    def entry_file(self) -> Path:
        """The entry script's path."""
        return self.source / self.entry


@dataclass(frozen=True)
class Deployment:
    """A deployment configuration that was read and found usable.

    Attributes:
        path: the file; None where a target needs none.
        values: its keys, as written.
    """

    path: Path | None
    values: dict[str, Any]


def load_inference(path: Path) -> tuple[Inference, list[Finding]]:
    """Return what `inference_config.yml` says, and warnings about keys without effect.

    Raises:
        Faults: naming every key that is unknown, of the wrong type or contradictory.
    """
    where = str(path)
    document = read_yaml(path, where)
    found = validate(document, INFERENCE, where)
    used = [key for key in PIECES if key in document]
    if "environment" in document and used:
        problem = f"environment is given together with {', '.join(used)}."
        found.append(fault(where, problem, "Keep one: environment, or the others."))
    if not document.get("condaFile") and not document.get("environment"):
        fix = "Add `condaFile:`; its path starts at sourceDirectory."
        found.append(fault(where, "Neither condaFile nor environment is given.", fix))
    if document.get("cudaVersion") and not document.get("enableGpu"):
        found.append(fault(where, "cudaVersion without enableGpu.", "Add `enableGpu: true`."))
    if document.get("baseImageRegistry") and not document.get("baseImage"):
        found.append(fault(where, "baseImageRegistry without baseImage.", "Add `baseImage:`."))
    if document.get("enableGpu") and document.get("baseImage"):
        found.append(fault(where, "enableGpu and baseImage contradict.", "Keep one of them."))
    if "extraDockerfileSteps" in document:
        fix = "Build an image of your own with these steps and name it in baseImage."
        found.append(fault(where, "extraDockerfileSteps is no longer built by Azure ML.", fix))
    if found:
        raise Faults(*found)
    base = path.parent
    source = base / document.get("sourceDirectory", ".")
    conda = document.get("condaFile")
    inference = Inference(
        path=path,
        source=source,
        entry=Path(document["entryScript"]),
        conda_file=Path(os.path.normpath(source / conda)) if conda else None,
        environment=document.get("environment"),
        base_image=document.get("baseImage"),
        registry=document.get("baseImageRegistry"),
        gpu=document.get("enableGpu", False),
        description=document.get("description"),
    )
    return inference, _without_effect(document, where)


def _without_effect(document: dict[str, Any], where: str) -> list[Finding]:
    found = []
    if "schemaFile" in document:
        fix = "Remove it: the Swagger comes from the decorators of run()."
        found.append(warning(where, "schemaFile has no effect any more.", fix))
    if "cudaVersion" in document:
        fix = "Remove it, or name an image with the version you need in baseImage."
        found.append(warning(where, "cudaVersion has no effect any more.", fix))
    if "password" in (document.get("baseImageRegistry") or {}):
        fix = "Let the workspace's identity pull the image instead of a password in a file."
        found.append(warning(where, "A password stands in this file.", fix))
    return found


def load_deployment(path: Path, compute_type: str) -> tuple[Deployment, list[Finding]]:
    """Return a deployment configuration for `aci` or `aks`, and warnings about it.

    Raises:
        Faults: naming every key that is unknown, of the wrong type or contradictory.
    """
    where = str(path)
    document = read_yaml(path, where)
    schema, rules = {"aci": (ACI, _aci_rules), "aks": (AKS, _aks_rules)}[compute_type]
    found = validate(document, schema, where)
    found += found or rules(document, where, path.parent)
    if found:
        raise Faults(*found)
    return Deployment(path, document), _exposed_keys(document, where)


def _exposed_keys(document: dict[str, Any], where: str) -> list[Finding]:
    if not document.get("keys"):
        return []
    fix = "Remove it: Azure makes keys, and `keys` shows them."
    return [warning(f"{where}: keys", "An authentication key stands in this file.", fix)]


def _aci_rules(document: dict[str, Any], where: str, folder: Path) -> list[Finding]:
    found: list[Finding] = []
    tls = ("sslCertificate", "sslKey", "cname")
    if document.get("sslEnabled"):
        missing = ", ".join(key for key in tls if not document.get(key))
        if missing:
            fix = f"Add {missing}, or set sslEnabled to false."
            found.append(fault(where, f"sslEnabled without {missing}.", fix))
        for key in tls[:2]:
            if document.get(key) and not (folder / document[key]).is_file():
                problem = f"There is no file {document[key]}."
                found.append(fault(f"{where}: {key}", problem, f"Paths start at {folder}."))
    else:
        given = ", ".join(key for key in tls if document.get(key))
        if given:
            found.append(fault(where, f"{given} without sslEnabled.", "Add `sslEnabled: true`."))
    found += _all_or_none(document, ("vaultBaseUrl", "keyName", "keyVersion"), where)
    found += _all_or_none(document, ("vnetName", "subnetName"), where)
    if document.get("keys") and not document.get("authEnabled"):
        found.append(fault(where, "keys without authEnabled.", "Add `authEnabled: true`."))
    return found


def _all_or_none(document: dict[str, Any], keys: tuple[str, ...], where: str) -> list[Finding]:
    missing = [key for key in keys if not document.get(key)]
    if not missing or len(missing) == len(keys):
        return []
    given = ", ".join(key for key in keys if key not in missing)
    return [fault(where, f"{given} without {', '.join(missing)}.", "Give all of them, or none.")]


def _aks_rules(document: dict[str, Any], where: str, _folder: Path) -> list[Finding]:
    found: list[Finding] = []
    scaler = document.get("autoScaler", {})
    low, high = scaler.get("minReplicas"), scaler.get("maxReplicas")
    if scaler.get("autoscaleEnabled"):
        if "numReplicas" in document:
            fix = "Remove numReplicas, or set autoscaleEnabled to false."
            found.append(fault(where, "numReplicas together with autoscaleEnabled.", fix))
    else:
        given = ", ".join(key for key in scaler if key != "autoscaleEnabled")
        if given:
            fix = "Add `autoscaleEnabled: true`, or remove them."
            found.append(fault(f"{where}: autoScaler", f"{given} without autoscaleEnabled.", fix))
        elif scaler and "numReplicas" not in document:
            fix = "Add `numReplicas:`, or set autoscaleEnabled to true."
            found.append(fault(where, "autoscaleEnabled is false without numReplicas.", fix))
    if low and high and low > high:
        problem = f"minReplicas {low} is above maxReplicas {high}."
        found.append(fault(f"{where}: autoScaler", problem, "Swap them, or raise maxReplicas."))
    if document.get("authEnabled") and document.get("tokenAuthEnabled"):
        problem = "authEnabled and tokenAuthEnabled are both true."
        found.append(fault(where, problem, "Choose one: keys, or tokens."))
    if document.get("keys") and document.get("tokenAuthEnabled"):
        found.append(fault(where, "keys together with tokenAuthEnabled.", "Remove the keys."))
    limits = document.get("containerResourceRequirements", {})
    for request, limit in (("cpu", "cpuLimit"), ("memoryInGB", "memoryInGBLimit")):
        if limits.get(limit, float("inf")) < limits.get(request, 0):
            problem = f"{limit} {limits[limit]} is below {request} {limits[request]}."
            place = f"{where}: containerResourceRequirements"
            found.append(fault(place, problem, f"Raise {limit}, or lower {request}."))
    return found
