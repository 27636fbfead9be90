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


#: Exceptions of the SDKs and of azure-identity that mean: not signed in.
SIGN_IN_FAILURES = frozenset(
    {"AuthenticationException", "ClientAuthenticationError", "CredentialUnavailableError"}
)

#: As much of a long message as is shown; the reason stands at the end of some.
MESSAGE_LENGTH = 1500

#: What each status of Azure's means for the operator.
ADVICE = {
    401: SIGN_IN,
    403: "This account may not do that in the workspace: ask for the role AzureML Data Scientist.",
    404: "Check subscription, resource group and workspace.",
    409: "Another command is at it, or made it meanwhile: look with `status`, then run the "
    "command again.",
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
    except (DeployError, OSError):
        raise
    except Exception as error:
        # An answer that is HTML, null or cut: the SDK fails on it in any way.
        if type(error) is Exception:
            raise
        raise DeployError(
            f"Azure gave an answer while {doing} that its SDK cannot read "
            f"({type(error).__name__}: {str(error)[:200]}). Something between here and Azure may "
            "have answered instead, a proxy for instance: look there, then run the command again."
        ) from error


def _explained(error: Exception, doing: str) -> DeployError:
    status, message = _read(error)
    kind = type(error).__name__
    if status == 401 or kind in SIGN_IN_FAILURES or "AADSTS" in message:
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
    return status, _message(body) or _told(text)


def _chain(error: object) -> Iterator[BaseException]:
    """Yield an error and those behind it; the SDK often drops what Azure said on the way."""
    while isinstance(error, BaseException):
        yield error
        # inner_exception is msrest's, and may be the decoded answer instead.
        error = error.__cause__ or error.__context__ or getattr(error, "inner_exception", None)


def _message(body: str) -> str:
    """Return the message in one of Azure's error bodies, or that it is none of Azure's."""
    try:
        document = json.loads(body)
    except ValueError:
        if "<html" in body[:1000].lower():
            title = re.search(r"<title>(.*?)</title>", body, re.IGNORECASE | re.DOTALL)
            named = f" ({title[1].strip()[:100]})" if title else ""
            return f"an HTML page{named}, which is none of Azure's answers."
        return body[:300]
    return " ".join(reasons(document))


def reasons(document: Any) -> list[str]:
    """Return every message in an error of Azure's, the outer one first: the inner tell why."""
    if isinstance(document, list):
        return list(dict.fromkeys(text for item in document for text in reasons(item)))
    if not isinstance(document, dict):
        return []
    own = document.get("message") or document.get("Message")
    found = [str(own)] if own else []
    for key in ("error", "Error", "details", "innererror", "innerError"):
        found += reasons(document.get(key))
    return list(dict.fromkeys(found))


def _told(text: str) -> str:
    """Return what the SDK says, with the messages of the JSON that it appends."""
    before, brace, after = text.partition("{")
    with contextlib.suppress(ValueError):
        document, _ = json.JSONDecoder().raw_decode(brace + after)
        text = " ".join([before, *reasons(document)])
    return " ".join(text.split())[:MESSAGE_LENGTH]


def _is_connection(error: Exception) -> bool:
    kinds = requests.ConnectionError | requests.Timeout | ConnectionError
    return any(isinstance(link, kinds) for link in _chain(error))
