"""Signing in: the secret lives here and shows itself nowhere else."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, Protocol

import requests
from requests.auth import AuthBase

from scoring_client.errors import SignInFailed

#: The variable that holds the key when the caller gives none.
KEY_VARIABLE = "SCORING_KEY"

#: What a token for an Azure ML endpoint is asked for.
#: https://learn.microsoft.com/azure/machine-learning/how-to-authenticate-online-endpoint
AZURE_ML_SCOPE = "https://ml.azure.com/.default"


class TokenCredential(Protocol):
    """What azure-identity's credentials have in common."""

    def get_token(self, *scopes: str) -> Any:
        """Return an object whose `token` is the access token; cached by the credential."""


class Bearer(AuthBase):
    """Puts `Authorization: Bearer ...` on a request, at the last moment.

    As an `auth` object, and not as a header of the session, because requests would replace
    the header by what it finds for the host in ~/.netrc.

    Args:
        secret: a key or a token.
        credential: asked for a token before every attempt, so that none is too old.
    """

    def __init__(
        self, secret: str | None = None, credential: TokenCredential | None = None
    ) -> None:
        self._secret = secret
        self._credential = credential

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Sign the request; without a secret it stays as it is.

        Raises:
            SignInFailed: the credential gives no token.
        """
        secret = self._secret if self._credential is None else self._token(self._credential)
        if secret:
            request.headers["Authorization"] = f"Bearer {secret}"
        return request

    @staticmethod
    def _token(credential: TokenCredential) -> str:
        try:
            return str(credential.get_token(AZURE_ML_SCOPE).token)
        except Exception as error:  # noqa: BLE001 - azure-identity's own need not be installed
            reason = f"{type(error).__name__}: {error}"
        # Out here, so that the credential's exception, with what it sent, does not hang on it.
        raise SignInFailed(reason)

    def __repr__(self) -> str:
        """Return the kind of sign-in, never the secret."""
        if self._credential is not None:
            return f"credential={type(self._credential).__name__}"
        return "key=***" if self._secret else "no key"


def sign_in(
    key: str | None,
    token: str | None,
    credential: TokenCredential | None,
    environ: Mapping[str, str] = os.environ,
) -> Bearer:
    """Return the sign-in that the caller chose; else by the key in `SCORING_KEY`, else none.

    Raises:
        ValueError: more than one way was given, or a secret that no header can hold.
    """
    given = [value for value in (key, token, credential) if value is not None]
    if len(given) > 1:
        raise ValueError("Give one of key, token and credential, not several.")
    if credential is not None:
        return Bearer(credential=credential)
    secret = key if key is not None else token if token is not None else environ.get(KEY_VARIABLE)
    secret = (secret or "").strip()
    if not secret.isascii() or not secret.isprintable() or " " in secret:
        raise ValueError("The key or token holds spaces, line ends or letters beyond ASCII.")
    return Bearer(secret)
