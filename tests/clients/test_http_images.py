"""The plain HTTP examples for pictures, run as they stand."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from deploy.servers.azmlinfsrv import Server
from tests.conftest import StartServer


@pytest.fixture(scope="module")
def server(start_server: StartServer, root: Path, digits_model: Path) -> Server:
    """The image door."""
    return start_server(root / "score" / "image.py", digits_model)


def blocks(root: Path, language: str) -> list[str]:
    text = (root / "clients" / "http" / "images.md").read_text()
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


@pytest.mark.needs("curl")
def test_curl(root: Path, server: Server) -> None:
    """Each way of sending the picture with curl gets its digit."""
    answers: list[Any] = []
    for script in blocks(root, "bash"):
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=root,
            env={**os.environ, "SCORING_URI": server.score_url, "SCORING_KEY": "k"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr + done.stdout
        answers.append(json.loads(done.stdout))
    *scored, takes = answers
    one, several, raw, encoded = scored
    assert [result["label"] for result in (one, *several, raw, encoded)] == [4] * 5
    assert takes["limits"]["images"] == 16


@pytest.mark.needs("npm")
def test_the_http_file(root: Path, server: Server) -> None:
    """httpYac, which also runs in VS Code, gets 200 for each request of the .http file."""
    tool = root / "tests" / "tools" / "node_modules" / ".bin" / "httpyac"
    run = subprocess.run(
        [tool, "send", root / "clients" / "http" / "image.http", "--all", "--json"],
        env={**os.environ, "SCORING_ROOT": server.url, "SCORING_KEY": "k"},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    answers = [request["response"] for request in json.loads(run.stdout)["requests"]]
    assert [answer["statusCode"] for answer in answers] == [200] * 4, answers
    assert [json.loads(answer["body"])["label"] for answer in answers[1:]] == [4, 4, 4]


def test_the_picture_is_the_contracts(root: Path) -> None:
    """The picture beside the examples is the one of the contract's sample request."""
    content = (root / "clients" / "http" / "four.png").read_bytes()
    contract = root / "clients" / "contract" / "image" / "request.json"
    request = json.loads(contract.read_text())
    assert base64.b64encode(content).decode() == request["image"]


def test_powershell_names_the_field(root: Path) -> None:
    """The PowerShell example, which cannot be run here, sends the same field and file."""
    (script,) = blocks(root, "powershell")
    assert "image = Get-Item clients/http/four.png" in script
