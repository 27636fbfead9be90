"""Errors of SDK v1 in plain words: what was being done, why it failed, what to do next."""

from __future__ import annotations

import ast
import contextlib
import io
import json
import os
import re
import warnings
from collections.abc import Iterator
from typing import Any

import requests

from deploy.errors import AzureUnavailable, DeployError

SIGN_IN = (
    "Sign in with `az login`, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET "
    "of a service principal that has access."
)


#: What each status of Azure's means for the operator.
ADVICE = {
    401: SIGN_IN,
    403: "This account may not do that in the workspace: ask for the role AzureML Data Scientist.",
    404: "Check subscription, resource group and workspace.",
    409: "Another operation on it still runs: look with `status`, then run the command again.",
    429: "Azure limits the number of requests: wait a minute, then run the command again.",
}


SERVER_ADVICE = "Azure itself failed: wait a little, then run the command again."


@contextlib.contextmanager
def sdk(doing: str) -> Iterator[None]:
    """Run calls of the SDK: quiet on standard output, its errors in our words.

    Args:
        doing: what is being done, for the message: "registering the model".

    Raises:
        AzureUnavailable: the sign-in was refused, or Azure could not be reached.
        DeployError: anything else that Azure or its SDK says.
    """
    # Our own notice says once that SDK v1 is on its way out; the SDK says it at every call.
    os.environ.setdefault("AZUREML_LOG_DEPRECATION_WARNING_ENABLED", "False")
    from azure.core.exceptions import AzureError
    from azureml.exceptions import AzureMLException
    from msrest.exceptions import ClientException

    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    except (AzureMLException, AzureError, ClientException, requests.RequestException) as error:
        raise _explained(error, doing) from error


def _explained(error: Exception, doing: str) -> DeployError:
    status, message = _read(error)
    kind = type(error).__name__
    if status == 401 or kind == "AuthenticationException" or "AADSTS" in message:
        return AzureUnavailable(f"Azure refused the sign-in while {doing}: {message}\n{SIGN_IN}")
    if status == 403:
        return AzureUnavailable(f"Azure refused it while {doing}: {message}\n{ADVICE[403]}")
    if status is None and _is_connection(error):
        return AzureUnavailable(
            f"Azure could not be reached while {doing} ({kind}): nothing more was sent. "
            "Check the network and the proxy, then run the command again."
        )
    said = f"answered {status}" if status else "failed"
    advice = SERVER_ADVICE if status and status >= 500 else ADVICE.get(status or 0, "")
    return DeployError(f"Azure {said} while {doing}: {message} {advice}".strip())


def _read(error: Exception) -> tuple[int | None, str]:
    """Return the HTTP status behind an error, if any, and what Azure said."""
    text = str(getattr(error, "message", "") or error)
    code = re.search(r"Response Code: (\d{3})|\b([45]\d\d) (?:Client|Server) Error", text)
    status = int(code[1] or code[2]) if code else None
    content = re.search(r"^Content: (b'.*'|b\".*\")$", text, re.MULTILINE | re.DOTALL)
    body = ast.literal_eval(content[1]).decode(errors="replace") if content else ""
    for link in _chain(error):
        response: Any = getattr(link, "response", None)
        if status is None and isinstance(getattr(response, "status_code", None), int):
            status = response.status_code
            body = body or (response.text if isinstance(response.text, str) else "")
    return status, _message(body) or _first_lines(text)


def _chain(error: object) -> Iterator[BaseException]:
    """Yield an error and those behind it; the SDK often drops what Azure said on the way."""
    while isinstance(error, BaseException):
        yield error
        # inner_exception is msrest's, and may be the decoded answer instead.
        error = error.__cause__ or error.__context__ or getattr(error, "inner_exception", None)


def _message(body: str) -> str:
    """Return the message in one of Azure's error bodies."""
    try:
        document = json.loads(body)
    except ValueError:
        return body[:300]
    while isinstance(document, dict) and isinstance(document.get("error"), dict):
        document = document["error"]
    return str(document.get("message", "")) if isinstance(document, dict) else ""


def _first_lines(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return " ".join(lines[:3])[:400]


def _is_connection(error: Exception) -> bool:
    kinds = requests.ConnectionError | requests.Timeout | ConnectionError
    return any(isinstance(link, kinds) for link in _chain(error))
