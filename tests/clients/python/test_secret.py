"""Signing in: the secret reaches the service, and nothing else."""

from __future__ import annotations

import logging
import subprocess
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
from azure.core.credentials import AccessToken
from scoring_client import ScoringClient, ScoringError, SignInFailed, transport
from scoring_client.secret import AZURE_ML_SCOPE

from tests.clients import hostile
from tests.clients.hostile import HostileServer, status
from tests.fakes.azure import Azure
from tests.fakes.azure.proxy import Answer

KEY = "not-a-real-key-0123456789"


class Credential:
    """Stands for azure-identity's: the real ones need Azure."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, ...]] = []

    def get_token(self, *scopes: str) -> AccessToken:
        """Return another token each time."""
        self.asked.append(scopes)
        return AccessToken(f"token-{len(self.asked)}", 0)


@pytest.fixture
def azure(tmp_path: Path) -> Iterator[Azure]:
    folder = tmp_path / "azure"
    folder.mkdir()
    with Azure(folder) as fake:
        yield fake


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


class Expired:
    """Stands for a credential that nobody renewed, and whose cause holds the secret."""

    def get_token(self, *_: str) -> AccessToken:
        """Refuse."""
        raise RuntimeError("Tried:\n\tEnvironment: expired") from ValueError(KEY)


def test_a_credential_without_a_token() -> None:
    """A credential that gives no token ends the whole table at once, with its reason."""
    with HostileServer() as server, ScoringClient(server.uri, credential=Expired()) as client:
        with pytest.raises(SignInFailed) as caught:
            client.score([{"x": 1}])
        assert server.exchanges == []
    assert "RuntimeError: Tried: Environment: expired" in str(caught.value)
    assert KEY not in "".join(traceback.format_exception(caught.value))
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


def entra(azure: Azure, uri: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the command line with azure-identity itself, which finds the fake of its sign-in."""
    (folder / "in.jsonl").write_text('{"x": 21}\n')
    command = ["--uri", uri, "--in", "in.jsonl", "--out", "out.jsonl", "--entra"]
    return subprocess.run(
        [sys.executable, "-m", "scoring_client.cli", *command],
        env={**azure.environ(), "PYTHONPATH": str(Path(transport.__file__).parents[1])},
        cwd=folder,
        capture_output=True,
        text=True,
    )


def test_azure_identity_signs_in(azure: Azure, tmp_path: Path) -> None:
    """--entra asks Azure Entra, by azure-identity, for a token that endpoints accept."""
    with HostileServer(status(404)) as server:
        run = entra(azure, server.uri, tmp_path)
        sent = {exchange.headers["authorization"] for exchange in server.exchanges}
    assert run.returncode == 0, run.stderr
    assert run.stdout == "in.jsonl: 1 column, 1 row\n1 row scored: out.jsonl\n"
    assert all(value.startswith("Bearer eyJ") for value in sent)
    (asked,) = azure.sent("POST", "/token$")
    assert b"ml.azure.com" in asked.body


def test_azure_identity_is_refused(azure: Azure, tmp_path: Path) -> None:
    """A sign-in that Entra refuses is one sentence and exit code 3, without the secret."""
    refusal = {"error": "invalid_client", "error_description": "AADSTS7000215: wrong secret"}
    azure.fail("POST", "/token$", Answer(401, refusal), times=9)
    with HostileServer() as server:
        run = entra(azure, server.uri, tmp_path)
    assert run.returncode == 3
    (line,) = run.stderr.splitlines()
    assert line.startswith("score: the credential gives no token: ")
    assert "AADSTS7000215: wrong secret" in line
    assert "not-a-secret" not in line


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
