"""The workspace, and signing in: left to the SDKs.

A service principal in AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, else their own
ways. The workspace is the one in `config.json`, here or in a folder above.
"""

from __future__ import annotations

import os
from typing import Any

#: The scope of a token for Azure's management.
MANAGEMENT = "https://management.azure.com/.default"


def workspace() -> Any:
    """Return SDK v1's workspace from `config.json`."""
    from azureml.core import Workspace
    from azureml.core.authentication import ServicePrincipalAuthentication

    names = ("AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET")
    values = [os.environ.get(name) for name in names]
    auth = ServicePrincipalAuthentication(*values) if all(values) else None
    return Workspace.from_config(auth=auth)


def client() -> Any:
    """Return SDK v2's client from `config.json`."""
    from azure.ai.ml import MLClient

    return MLClient.from_config(_ManagementCredential(), enable_telemetry=False)


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
