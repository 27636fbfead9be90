"""Target `aci`: Azure Container Instances, one container, by SDK v1."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from deploy.checks.service_name import check_aci
from deploy.config.inference import Deployment, Inference, load_deployment
from deploy.findings import Finding
from deploy.staging.models import ModelSource
from deploy.targets.webservice import Webservices


class Aci(Webservices):
    """Azure Container Instances."""

    name = "aci"
    compute_type = "ACI"
    config_file = Path("deploy/aci.yml")

    @classmethod
    def load(cls, path: Path | None) -> tuple[Deployment, list[Finding]]:
        """Read `deploy/aci.yml`."""
        return load_deployment(path or cls.config_file, "aci")

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
