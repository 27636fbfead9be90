"""Target `aci`: Azure Container Instances, one container, by SDK v1."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from deploy.config.deployment import Deployment, all_or_none
from deploy.config.inference import Inference
from deploy.config.vocabulary import FLAG, KEYS, POSITIVE, TEXT, TEXTS, Schema, mapping
from deploy.findings import Finding, fault, notice, warning
from deploy.staging.models import ModelSource
from deploy.targets.base import Facts
from deploy.targets.webservice import Webservices, legacy

GIGABYTE = 1_000_000_000

#: ACI's limit for the models of one service.
ACI_MODEL_BYTES = GIGABYTE

ACI: Schema = {
    **mapping(
        computeType={"enum": ["aci", "ACI"]},
        containerResourceRequirements=mapping(
            cpu={**POSITIVE, "maximum": 4}, memoryInGB={**POSITIVE, "maximum": 16}
        ),
        location=TEXT,
        authEnabled=FLAG,
        sslEnabled=FLAG,
        appInsightsEnabled=FLAG,
        sslCertificate=TEXT,
        sslKey=TEXT,
        cname=TEXT,
        dnsNameLabel={"type": "string", "pattern": r"^[a-z][a-z0-9-]{3,61}[a-z0-9]$"},
        vaultBaseUrl=TEXT,
        keyName=TEXT,
        keyVersion=TEXT,
        vnetName=TEXT,
        subnetName=TEXT,
        keys=KEYS,
        description=TEXT,
        tags=TEXTS,
        properties=TEXTS,
    ),
    "required": ["computeType"],
}


class Aci(Webservices):
    """Azure Container Instances."""

    name = "aci"
    compute_type = "ACI"
    webservice_class = "AciWebservice"
    config_file = Path("deploy/aci.yml")
    fixed_settings = frozenset({"cpu_cores", "memory_gb", "location"})
    schema = ACI
    facts = Facts(
        what_it_is="one container in Azure",
        when="to show a model to others",
        cost_drivers="cores and gigabytes per second, also when nobody asks",
        authentication="key (off unless `authEnabled`)",
        limits="60 s per request, one replica, models below 1 GB, 4 cores, 16 GB",
        end_of_life="legacy: SDK v1's support ended on 2026-06-30",
    )

    @classmethod
    def contradictions(cls, document: dict[str, Any], where: str, folder: Path) -> list[Finding]:
        """Return what ACI refuses in a file whose keys are all known."""
        return _contradictions(document, where, folder)

    @classmethod
    def rules(
        cls,
        deployment: Deployment,
        models: Sequence[ModelSource],
        inference: Inference | None,  # noqa: ARG003 - any will do
    ) -> list[Finding]:
        """Return what ACI does not allow."""
        return check_aci(deployment.values, models, str(deployment.path))

    def settings(self, deployment: Deployment) -> dict[str, Any]:
        """Return the arguments of `AciWebservice.deploy_configuration`."""
        values = deployment.values
        folder = deployment.path.parent if deployment.path else Path()
        resources, keys = values.get("containerResourceRequirements", {}), values.get("keys", {})
        cert, key = values.get("sslCertificate"), values.get("sslKey")
        return {
            "cpu_cores": resources.get("cpu"),
            "memory_gb": resources.get("memoryInGB"),
            "location": values.get("location"),
            "auth_enabled": values.get("authEnabled"),
            "ssl_enabled": values.get("sslEnabled"),
            "enable_app_insights": values.get("appInsightsEnabled"),
            "ssl_cert_pem_file": str(folder / cert) if cert else None,
            "ssl_key_pem_file": str(folder / key) if key else None,
            "ssl_cname": values.get("cname"),
            "dns_name_label": values.get("dnsNameLabel"),
            "primary_key": keys.get("primaryKey"),
            "secondary_key": keys.get("secondaryKey"),
            "cmk_vault_base_url": values.get("vaultBaseUrl"),
            "cmk_key_name": values.get("keyName"),
            "cmk_key_version": values.get("keyVersion"),
            "vnet_name": values.get("vnetName"),
            "subnet_name": values.get("subnetName"),
            "tags": values.get("tags"),
            "properties": values.get("properties"),
            "description": values.get("description"),
        }

    def fixed(self, deployed: Any) -> dict[str, Any]:
        """Return what the deployed service has of the settings that cannot be changed."""
        resources = deployed.container_resource_requirements
        return {"cpu_cores": resources.cpu, "memory_gb": resources.memory_in_gb,
                "location": deployed.location}  # fmt: skip


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


def _contradictions(document: dict[str, Any], where: str, folder: Path) -> list[Finding]:
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
    found += all_or_none(document, ("vaultBaseUrl", "keyName", "keyVersion"), where)
    found += all_or_none(document, ("vnetName", "subnetName"), where)
    if document.get("keys") and not document.get("authEnabled"):
        found.append(fault(where, "keys without authEnabled.", "Add `authEnabled: true`."))
    return found
