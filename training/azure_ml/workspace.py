"""The workspace, and signing in: left to the SDKs.

A service principal in AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, else their own
ways. The workspace is the one in `config.json`, here or in a folder above, else the one that
AZURE_SUBSCRIPTION_ID, AZURE_RESOURCE_GROUP and AZURE_ML_WORKSPACE name, as in a pipeline.
"""

from __future__ import annotations

import os
from typing import Any

#: The scope of a token for Azure's management.
MANAGEMENT = "https://management.azure.com/.default"


#: What a workspace is known by, and where that stands without a config.json.
VARIABLES = {
    "subscription_id": "AZURE_SUBSCRIPTION_ID",
    "resource_group": "AZURE_RESOURCE_GROUP",
    "workspace_name": "AZURE_ML_WORKSPACE",
}


def _named() -> dict[str, str] | None:
    """Return what the environment says of the workspace, None unless it says all of it."""
    named = {key: os.environ.get(variable, "") for key, variable in VARIABLES.items()}
    return named if all(named.values()) else None


def workspace() -> Any:
    """Return SDK v1's workspace."""
    from azureml.core import Workspace
    from azureml.core.authentication import ServicePrincipalAuthentication
    from azureml.exceptions import UserErrorException

    names = ("AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET")
    values = [os.environ.get(name) for name in names]
    auth = ServicePrincipalAuthentication(*values) if all(values) else None
    try:
        return Workspace.from_config(auth=auth)
    except UserErrorException:
        named = _named()
        if named is None:
            raise
        return Workspace(**named, auth=auth)


def client() -> Any:
    """Return SDK v2's client."""
    from azure.ai.ml import MLClient
    from azure.ai.ml.exceptions import ValidationException

    credential = _ManagementCredential()
    try:
        return MLClient.from_config(credential, enable_telemetry=False)
    except ValidationException:
        named = _named()
        if named is None:
            raise
        return MLClient(credential, **named, enable_telemetry=False)


class _ManagementCredential:
    """azure-identity's own chain, asked for the one scope that all of Azure ML takes.

    azure-ai-ml 1.35 asks for the scope `{endpoint}/.default`, a placeholder that it never fills,
    when it starts a job on this machine; Azure refuses that.
    """

    def __init__(self) -> None:
        from azure.identity import DefaultAzureCredential

        self.chain = DefaultAzureCredential()

    def get_token(self, *_: str, **options: Any) -> Any:
        """Return a token for Azure's management, whatever was asked for."""
        return self.chain.get_token(MANAGEMENT, **options)
