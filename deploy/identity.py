"""One sign-in for every SDK, by azure-identity: the first of these that is set up here.

1. a service principal     AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET or
AZURE_CLIENT_CERTIFICATE_PATH
2. a managed identity      on a machine in Azure that has one (IDENTITY_ENDPOINT, MSI_ENDPOINT)
3. the Azure CLI           `az login`; the program `az`, wherever it is installed
4. a code for a browser    on a terminal only
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from typing import Any

from deploy.errors import UsageError

PRINCIPAL = ("AZURE_TENANT_ID", "AZURE_CLIENT_ID")
PROOFS = ("AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PATH")
MANAGED = ("IDENTITY_ENDPOINT", "MSI_ENDPOINT")

#: How long `az` may take for a token: it starts slowly, and asks Azure.
CLI_SECONDS = 20

#: A token is asked for anew when it is valid for less than this.
EARLY_SECONDS = 300


def credential() -> Any:
    """Return an azure-identity credential for what is set up on this machine.

    Raises:
        UsageError: nothing is, and nobody can be asked.
    """
    import azure.identity as identity

    if all(os.environ.get(name) for name in PRINCIPAL) and any(map(os.environ.get, PROOFS)):
        return identity.EnvironmentCredential()
    if any(os.environ.get(name) for name in MANAGED):
        return identity.ManagedIdentityCredential(client_id=os.environ.get("AZURE_CLIENT_ID"))
    if shutil.which("az"):
        return identity.AzureCliCredential(process_timeout=CLI_SECONDS)
    if sys.stdin.isatty():
        return identity.DeviceCodeCredential(prompt_callback=_show_code)
    raise UsageError(
        "No sign-in to Azure is set up: install the Azure CLI and run `az login`, or set "
        "AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET of a service principal."
    )


class Tokens:
    """Tokens of one credential, each asked for once while it is valid: `az` takes a second."""

    def __init__(self, source: Any) -> None:
        self._source = source
        self._kept: dict[str, Any] = {}

    def __call__(self, resource: str) -> str:
        """Return a token for a resource, such as `https://management.azure.com/`."""
        kept = self._kept.get(resource)
        if kept is None or kept.expires_on < time.time() + EARLY_SECONDS:
            kept = self._kept[resource] = self._source.get_token(f"{resource.rstrip('/')}/.default")
        return str(kept.token)


def _show_code(address: str, code: str, _expires: Any) -> None:
    # Standard output is the result's.
    print(f"Sign in: open {address} and enter the code {code}", file=sys.stderr)
