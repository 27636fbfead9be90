"""Target `aks`: Azure Kubernetes Service, replicas behind Azure ML's front end, by SDK v1."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from deploy.config.deployment import Deployment
from deploy.config.inference import Inference
from deploy.config.vocabulary import COUNT, FLAG, KEYS, POSITIVE, TEXT, TEXTS, Schema, mapping
from deploy.findings import Finding, fault, warning
from deploy.staging.models import ModelSource
from deploy.targets.base import Facts
from deploy.targets.webservice import Webservices, legacy

AKS: Schema = {
    **mapping(
        computeType={"enum": ["aks", "AKS"]},
        autoScaler=mapping(
            autoscaleEnabled=FLAG,
            minReplicas=COUNT,
            maxReplicas=COUNT,
            refreshPeriodInSeconds=COUNT,
            targetUtilization={**COUNT, "maximum": 100},
        ),
        dataCollection=mapping(storageEnabled=FLAG),
        authEnabled=FLAG,
        # In Azure's own templates; the SDK does not read it.
        sslEnabled=FLAG,
        tokenAuthEnabled=FLAG,
        containerResourceRequirements=mapping(
            cpu=POSITIVE, memoryInGB=POSITIVE, cpuLimit=POSITIVE, memoryInGBLimit=POSITIVE
        ),
        appInsightsEnabled=FLAG,
        scoringTimeoutMs={**COUNT, "maximum": 300_000},
        maxConcurrentRequestsPerContainer=COUNT,
        maxQueueWaitMs=COUNT,
        numReplicas=COUNT,
        keys=KEYS,
        gpuCores={"type": "integer", "minimum": 0},
        livenessProbeRequirements=mapping(
            periodSeconds=COUNT,
            initialDelaySeconds=COUNT,
            timeoutSeconds=COUNT,
            successThreshold=COUNT,
            failureThreshold=COUNT,
        ),
        namespace={"type": "string", "pattern": r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"},
        computeTargetName=TEXT,
        description=TEXT,
        tags=TEXTS,
        properties=TEXTS,
    ),
    "required": ["computeType", "computeTargetName"],
}


class Aks(Webservices):
    """Azure Kubernetes Service."""

    name = "aks"
    compute_type = "AKS"
    webservice_class = "AksWebservice"
    config_file = Path("deploy/aks.yml")
    fixed_settings = frozenset({"compute_target_name", "namespace"})
    schema = AKS
    facts = Facts(
        what_it_is="replicas in a Kubernetes cluster",
        when="for load that must not fail",
        cost_drivers="the cluster's machines, used or not",
        authentication="key, or Entra token",
        limits="100 MB per request, 300 s at most (`scoringTimeoutMs`)",
        end_of_life="legacy: SDK v1's support ended on 2026-06-30",
    )

    @classmethod
    def contradictions(cls, document: dict[str, Any], where: str, folder: Path) -> list[Finding]:
        """Return what AKS refuses in a file whose keys are all known."""
        return _contradictions(document, where, folder)

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


def check_aks(values: dict[str, Any], _models: Sequence[ModelSource], where: str) -> list[Finding]:
    """Return what AKS does not allow."""
    found = [legacy("Azure Kubernetes Service")]
    if values.get("authEnabled") is False and not values.get("tokenAuthEnabled"):
        fix = "Set authEnabled or tokenAuthEnabled to true, unless the cluster is private."
        found.append(warning(where, "No authentication: anyone who reaches it can score.", fix))
    if values.get("sslEnabled"):
        fix = "Set TLS up on the cluster, and leave sslEnabled out."
        problem = "sslEnabled does nothing here: on AKS the cluster decides about TLS."
        found.append(warning(where, problem, fix))
    if values.get("maxConcurrentRequestsPerContainer", 1) > 1:
        fix = "Leave it at 1; raise the number of replicas instead."
        problem = "maxConcurrentRequestsPerContainer above 1 makes requests wait for each other."
        found.append(warning(where, problem, fix))
    return found


def _contradictions(document: dict[str, Any], where: str, _folder: Path) -> list[Finding]:
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
