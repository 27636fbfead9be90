"""One function for all output: no key, password, token or signed address leaves this machine.

Secrets are known by where they stand (the value of `password:`), by their shape (a shared access
signature, a JSON Web Token, a private key) or because an environment variable holds them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any

MASK = "<not shown>"

#: Environment variables of azure-identity and of the SDKs whose values are secrets.
SECRET_VARIABLES = (
    "AZURE_CLIENT_SECRET",
    "AZURE_CLIENT_CERTIFICATE_PASSWORD",
    "AZURE_PASSWORD",
    "IDENTITY_HEADER",
    "MSI_SECRET",
)

#: Keys of JSON documents whose values are secrets, in lower case.
SECRET_KEYS = frozenset(
    {"accesstoken", "access_token", "accountkey", "client_secret", "clientsecret",
     "connectionstring", "password", "primarykey", "sastoken", "secondarykey", "secret",
     "sslkey"}
)  # fmt: skip

SHAPES = (
    # Azure Storage's shared access signature: https://learn.microsoft.com/rest/api/storageservices
    (re.compile(r"(?i)([?&;\s]sig=)[^&\s\"'<>]+"), rf"\1{MASK}"),
    (re.compile(r"(?i)\b((?:Account|SharedAccess)Key=)[^;\s\"']+"), rf"\1{MASK}"),
    # User and password, or a token, in front of a host.
    (re.compile(r"\b([a-z][a-z0-9+.-]*://)[^/@\s\"']+@"), rf"\1{MASK}@"),
    (re.compile(r"(?i)\b(bearer\s+)[a-z0-9._~+/=-]{16,}"), rf"\1{MASK}"),
    (re.compile(r"\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*"), MASK),
    (re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)",
                re.DOTALL), MASK),
)  # fmt: skip


def masked(text: str, environ: Mapping[str, str] = os.environ) -> str:
    """Return a text without the secrets in it.

    Args:
        text: what is about to be printed or sent.
        environ: whose secret variables are known.
    """
    for name in SECRET_VARIABLES:
        if environ.get(name):
            text = text.replace(environ[name], MASK)
    for shape, instead in SHAPES:
        text = shape.sub(instead, text)
    return text


def masked_document(value: Any) -> Any:
    """Return a JSON value without the secrets in it; what is empty stays."""
    if isinstance(value, dict):
        return {
            key: MASK if item and str(key).lower() in SECRET_KEYS else masked_document(item)
            for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [masked_document(item) for item in value]
    return masked(value) if isinstance(value, str) else value
