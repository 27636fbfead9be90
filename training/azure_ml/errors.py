"""What Azure and both of its SDKs say when something fails, in one sentence."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

SIGN_IN = (
    "Sign in with `az login`, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET "
    "of a service principal that has access."
)
#: Said beside Azure's own words, by what these contain.
ADVICE = {"AADSTS": SIGN_IN, "DefaultAzureCredential failed": SIGN_IN, "Authentication": SIGN_IN}

JOB = "The job itself ended with an error: its output is above."

#: Said instead of what the SDKs say.
PLAIN = {
    "config.json": "There is no config.json in this folder or in one above: download it from the "
    "workspace's page in the Azure portal.",
    "Activity Failed": JOB,  # azureml-core
    "Exception :": JOB,  # azure-ai-ml
}

#: The rest of what the SDKs say is traces and request ids.
SHOWN_CHARACTERS = 300


class AzureFailed(RuntimeError):
    """Azure or one of its SDKs gave up; the message says at what, why, and what to do."""


@contextlib.contextmanager
def azure(doing: str) -> Iterator[None]:
    """Turn what the SDKs raise into `AzureFailed`.

    Args:
        doing: what is being done, for the message: "registering the model".

    Raises:
        AzureFailed: one of them raised anything of its own.
    """
    import requests
    from azure.core.exceptions import AzureError
    from azureml.exceptions import AzureMLException
    from msrest.exceptions import ClientException

    try:
        yield
    except (AzureError, AzureMLException, ClientException, requests.RequestException) as error:
        said = _said(error)
        for mark, plain in PLAIN.items():
            if mark in said:
                raise AzureFailed(plain) from error
        advice = next((text for mark, text in ADVICE.items() if mark in said), "")
        shown = " ".join(said.split())[:SHOWN_CHARACTERS]
        raise AzureFailed(f"Azure ended {doing}: {shown} {advice}".strip()) from error


def _said(error: Exception) -> str:
    message = getattr(error, "message", None)
    try:
        return str(message or error)
    except TypeError:  # azureml-core fails at printing some answers of its own service
        return type(error).__name__
