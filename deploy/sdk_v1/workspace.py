"""SDK v1 (azureml-core): signing in and finding the workspace.

The SDK is imported where it is used: it takes most of a second, which `check` need not wait for.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from deploy.errors import UsageError
from deploy.identity import Tokens, credential
from deploy.sdk_v1.errors import sdk


@dataclass(frozen=True)
class WorkspaceOptions:
    """How the operator names the Azure ML workspace; any part may be empty."""

    workspace_config: Annotated[
        Path | None,
        typer.Option("--workspace-config", help="The workspace's config.json; found by default."),
    ] = None
    subscription: Annotated[
        str,
        typer.Option(
            "--subscription",
            envvar=["AZURE_SUBSCRIPTION_ID", "AZUREML_ARM_SUBSCRIPTION"],
            help="The workspace's subscription, by its id.",
        ),
    ] = ""
    resource_group: Annotated[
        str,
        typer.Option(
            "--resource-group",
            envvar=["AZURE_RESOURCE_GROUP", "AZUREML_ARM_RESOURCEGROUP"],
            help="The workspace's resource group.",
        ),
    ] = ""
    workspace: Annotated[
        str,
        typer.Option(
            "--workspace",
            envvar=["AZURE_ML_WORKSPACE", "AZUREML_ARM_WORKSPACE_NAME"],
            help="The workspace's name.",
        ),
    ] = ""


def credentials() -> Any:
    """Return the project's one sign-in as SDK v1 takes it."""
    from azureml.core.authentication import TokenAuthentication

    return TokenAuthentication(Tokens(credential()))


def find_workspace(options: WorkspaceOptions) -> Any:
    """Return the workspace that flags, environment variables or `config.json` name.

    Raises:
        UsageError: none of them does.
        AzureUnavailable: Azure refused the sign-in or could not be reached.
    """
    names = {
        "subscription": options.subscription,
        "resource-group": options.resource_group,
        "workspace": options.workspace,
    }
    missing = [f"--{name}" for name, value in names.items() if not value]
    if any(names.values()) and missing and not options.workspace_config:
        raise UsageError(f"The workspace needs {', '.join(missing)} too.")
    from azureml.core import Workspace
    from azureml.exceptions import UserErrorException

    with sdk("finding the workspace"):
        if not missing:
            return Workspace.get(
                name=options.workspace,
                subscription_id=options.subscription,
                resource_group=options.resource_group,
                auth=credentials(),
            )
        path = str(options.workspace_config) if options.workspace_config else None
        try:
            return Workspace.from_config(path=path, auth=credentials())
        except UserErrorException as error:
            if "config" not in str(error).lower():
                raise
            raise UsageError(
                "No workspace is named: give --subscription, --resource-group and --workspace, "
                "their environment variables, or download config.json from the workspace's page "
                "in the Azure portal."
            ) from None
