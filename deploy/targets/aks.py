"""Target `aks`: Azure Kubernetes Service, replicas behind Azure ML's front end, by SDK v1."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from deploy.checks.service_name import check_aks
from deploy.config.inference import Deployment, Inference, load_deployment
from deploy.findings import Finding
from deploy.staging.models import ModelSource
from deploy.targets.webservice import Webservices


class Aks(Webservices):
    """Azure Kubernetes Service."""

    name = "aks"
    compute_type = "AKS"
    config_file = Path("deploy/aks.yml")

    @classmethod
    def load(cls, path: Path | None) -> tuple[Deployment, list[Finding]]:
        """Read `deploy/aks.yml`."""
        return load_deployment(path or cls.config_file, "aks")

    @classmethod
    def rules(
        cls,
        deployment: Deployment,
        models: Sequence[ModelSource],
        inference: Inference | None,  # noqa: ARG003 - any will do
    ) -> list[Finding]:
        """Return what AKS does not allow."""
        return check_aks(deployment.values, models, str(deployment.path))

    def settings(self, deployment: Deployment) -> dict[str, Any]:
        """Return the arguments of `AksWebservice.deploy_configuration`."""
        values = deployment.values
        resources, keys = values.get("containerResourceRequirements", {}), values.get("keys", {})
        scaler, probe = values.get("autoScaler", {}), values.get("livenessProbeRequirements", {})
        return {
            "autoscale_enabled": scaler.get("autoscaleEnabled"),
            "autoscale_min_replicas": scaler.get("minReplicas"),
            "autoscale_max_replicas": scaler.get("maxReplicas"),
            "autoscale_refresh_seconds": scaler.get("refreshPeriodInSeconds"),
            "autoscale_target_utilization": scaler.get("targetUtilization"),
            "collect_model_data": values.get("dataCollection", {}).get("storageEnabled"),
            # Azure's own default is true, also beside tokens, which it then refuses.
            "auth_enabled": values.get("authEnabled", not values.get("tokenAuthEnabled", False)),
            "token_auth_enabled": values.get("tokenAuthEnabled"),
            "cpu_cores": resources.get("cpu"),
            "memory_gb": resources.get("memoryInGB"),
            "cpu_cores_limit": resources.get("cpuLimit"),
            "memory_gb_limit": resources.get("memoryInGBLimit"),
            "enable_app_insights": values.get("appInsightsEnabled"),
            "scoring_timeout_ms": values.get("scoringTimeoutMs"),
            "replica_max_concurrent_requests": values.get("maxConcurrentRequestsPerContainer"),
            "max_request_wait_time": values.get("maxQueueWaitMs"),
            "num_replicas": values.get("numReplicas"),
            "primary_key": keys.get("primaryKey"),
            "secondary_key": keys.get("secondaryKey"),
            "gpu_cores": values.get("gpuCores"),
            "period_seconds": probe.get("periodSeconds"),
            "initial_delay_seconds": probe.get("initialDelaySeconds"),
            "timeout_seconds": probe.get("timeoutSeconds"),
            "success_threshold": probe.get("successThreshold"),
            "failure_threshold": probe.get("failureThreshold"),
            "namespace": values.get("namespace"),
            "compute_target_name": values.get("computeTargetName"),
            "tags": values.get("tags"),
            "properties": values.get("properties"),
            "description": values.get("description"),
        }

    def fixed(self, deployed: Any) -> dict[str, Any]:
        """Return what the deployed service has of the settings that cannot be changed."""
        return {"compute_target_name": deployed.compute_name, "namespace": deployed.namespace}
