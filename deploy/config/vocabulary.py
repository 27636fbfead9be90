"""The configuration files' keys, types and limits, as JSON Schemas.

The keys are the Azure ML CLI v1's: `inference_config.yml` and the deployment configurations
for ACI and AKS. The limits are Azure's own where it documents them (ACI: four cores and 16 GB
for one container group; AKS: a scoring timeout of at most five minutes); the others only keep
out what cannot work.
"""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string", "minLength": 1}
FLAG: Schema = {"type": "boolean"}
COUNT: Schema = {"type": "integer", "minimum": 1}
POSITIVE: Schema = {"type": "number", "exclusiveMinimum": 0}
TEXTS: Schema = {"type": "object", "additionalProperties": {"type": "string"}}

#: Service names, as `azureml-core` checks them before the first request.
SERVICE_NAME = r"^[a-z]([-a-z0-9]*[a-z0-9])?$"
SERVICE_NAME_LENGTHS = (3, 32)

#: Registered models' names, as `azureml-core` checks them.
MODEL_NAME = r"^[a-zA-Z0-9][a-zA-Z0-9\-\._]{0,254}$"


def mapping(**properties: Schema) -> Schema:
    """Return the schema of a mapping that has these keys and no others."""
    return {"type": "object", "properties": properties, "additionalProperties": False}


KEYS = mapping(primaryKey=TEXT, secondaryKey=TEXT)
REGISTRY = mapping(address=TEXT, username=TEXT, password=TEXT)

INFERENCE: Schema = {
    **mapping(
        entryScript=TEXT,
        sourceDirectory=TEXT,
        environment={"type": ["object", "string"]},
        runtime={"enum": ["python"]},
        condaFile=TEXT,
        extraDockerfileSteps=TEXT,
        enableGpu=FLAG,
        cudaVersion={"enum": ["9.0", "9.1", "10.0"]},
        baseImage=TEXT,
        baseImageRegistry=REGISTRY,
        schemaFile=TEXT,
        description=TEXT,
    ),
    "required": ["entryScript"],
}

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
