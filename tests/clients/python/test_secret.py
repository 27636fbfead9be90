"""Signing in: the secret reaches the service, and nothing else."""

from __future__ import annotations

import logging
import traceback
from pathlib import Path

import pytest
from azure.core.credentials import AccessToken
from scoring_client import ScoringClient, ScoringError, transport
from scoring_client.secret import AZURE_ML_SCOPE

from tests.clients import hostile
from tests.clients.hostile import HostileServer, status

KEY = "not-a-real-key-0123456789"


class Credential:
    """Stands for azure-identity's: the real ones need Azure."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, ...]] = []

    def get_token(self, *scopes: str) -> AccessToken:
        """Return another token each time."""
        self.asked.append(scopes)
        return AccessToken(f"token-{len(self.asked)}", 0)


def test_key_token_and_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Key, token and the variable SCORING_KEY all end up in Authorization."""
    with HostileServer() as server:
        ScoringClient(server.uri, key="k").wait_until_ready()
        ScoringClient(server.uri, token="t").wait_until_ready()  # noqa: S106 - a test's own
        monkeypatch.setenv("SCORING_KEY", "from-environment\n")
        ScoringClient(server.uri).wait_until_ready()
        monkeypatch.delenv("SCORING_KEY")
        ScoringClient(server.uri).wait_until_ready()
        sent = [exchange.headers.get("authorization") for exchange in server.exchanges]
    assert sent == ["Bearer k", "Bearer t", "Bearer from-environment", None]


def test_a_credential_is_asked_before_every_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    """A token that is too old by the second attempt is not sent again."""
    monkeypatch.setattr(transport, "BACKOFF_SECONDS", 0.001)
    credential = Credential()
    with (
        HostileServer(status(503)) as server,
        ScoringClient(server.uri, credential=credential) as client,
    ):
        client.score([{"x": 1}])
        sent = [exchange.headers["authorization"] for exchange in server.exchanges]
    assert sent == ["Bearer token-1", "Bearer token-2"]
    assert credential.asked == [(AZURE_ML_SCOPE,)] * 2


def test_netrc_does_not_replace_the_key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A line for the host in ~/.netrc, which requests prefers, is not used."""
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with HostileServer() as server, ScoringClient(server.uri, key="k") as client:
        client.score([{"x": 1}])
        assert server.exchanges[0].headers["authorization"] == "Bearer k"


@pytest.mark.parametrize("behaviour", [status(400), hostile.cut_before, hostile.cut_within])
def test_nothing_secret_is_shown(
    behaviour: hostile.Behaviour,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The key is in no repr, log, or traceback, even one that shows all variables."""
    monkeypatch.setattr(transport, "BACKOFF_SECONDS", 0.001)
    caplog.set_level(logging.DEBUG)
    with (
        HostileServer(otherwise=behaviour) as server,
        ScoringClient(server.uri, key=KEY, retries=1) as client,
    ):
        assert KEY not in repr(client)
        assert KEY not in repr(vars(client))
        with pytest.raises(ScoringError) as caught:
            client.score([{"x": 1}])
        assert server.exchanges[0].headers["authorization"] == f"Bearer {KEY}"
    shown = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    # This test itself has the key among its variables.
    frames = [frame for frame in shown.stack if frame.filename != __file__]
    assert frames
    assert KEY not in "".join(str(frame.locals) for frame in frames)
    assert KEY not in "".join(shown.format_exception_only())
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)
    assert KEY not in caplog.text


@pytest.mark.parametrize(
    "options",
    [{"key": "a", "token": "b"}, {"key": "two words"}, {"key": "line\nend"}, {"token": "café"}],
)
def test_what_cannot_be_a_sign_in(options: dict[str, str]) -> None:
    """Two secrets, or one that no header can hold, are refused without being shown."""
    with pytest.raises(ValueError, match="key") as caught:
        ScoringClient("https://host/score", **options)  # type: ignore[arg-type]
    assert not any(value in str(caught.value) for value in options.values() if len(value) > 1)


def test_repr_names_the_kind_of_sign_in() -> None:
    """The repr has the address without its query, and how the client signs in."""
    client = ScoringClient("https://host/api/score?code=abc", credential=Credential())
    assert repr(client) == "ScoringClient(https://host/api/score, credential=Credential)"
    assert repr(ScoringClient("https://host/score", key="k")).endswith("key=***)")
