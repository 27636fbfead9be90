"""The plain HTTP examples, run as they stand."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
import tree_sitter_powershell
from tree_sitter import Language, Parser

from deploy.servers.azmlinfsrv import Server
from tests.clients.hostile import HostileServer, status


def blocks(root: Path, language: str, page: str = "README.md") -> list[str]:
    text = (root / "clients" / "http" / page).read_text()
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def bash(root: Path, script: str, uri: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", script],
        cwd=root,
        env={**os.environ, "SCORING_URI": uri, "SCORING_KEY": "k"},
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.needs("curl")
def test_curl(root: Path, score_server: Server) -> None:
    """Each curl example gets what it promises."""
    row, file, about = (bash(root, block, score_server.score_url) for block in blocks(root, "bash"))
    assert [run.returncode for run in (row, file, about)] == [0, 0, 0]
    assert len(json.loads(row.stdout)["Results"]) == 1
    assert len(json.loads(file.stdout)["Results"]) == 1
    assert '"openapi"' in about.stdout
    assert about.stdout.endswith("Healthy")


@pytest.mark.needs("curl")
def test_curl_signs_and_tells_what_is_wrong(root: Path) -> None:
    """The key reaches the service, and a refusal is shown in the service's words."""
    script = blocks(root, "bash")[1]
    with HostileServer(status(503, Retry_After="0"), status(401, {"message": "key?"})) as server:
        run = bash(root, script, server.uri)
        assert [e.headers["authorization"] for e in server.exchanges] == ["Bearer k"] * 2
    assert run.returncode == 22
    assert "key?" in run.stdout


@pytest.mark.parametrize("page", ["README.md", "images.md"])
def test_the_powershell_is_valid(root: Path, page: str) -> None:
    """An independent parser, the one of editors, reads each PowerShell example without a fault.

    They are not run: no PowerShell for Linux installs from PyPI, npm or Debian.
    """
    parser = Parser(Language(tree_sitter_powershell.language()))
    for script in blocks(root, "powershell", page):
        assert not parser.parse(script.encode()).root_node.has_error
        assert parser.parse(script.replace("}", "", 1).encode()).root_node.has_error


def test_powershell_sends_the_contracts_fields(root: Path) -> None:
    """The PowerShell example, which cannot be run here, names each field of the contract."""
    (script,) = blocks(root, "powershell")
    request = json.loads((root / "clients" / "contract" / "score" / "request.json").read_text())
    assert re.findall(r"(\w+) = -?\d", script) == list(request["Inputs"]["data"][0])
    assert "Inputs = @{ data = @($row) }" in script


@pytest.mark.needs("npm")
def test_the_http_file(root: Path, score_server: Server) -> None:
    """httpYac, which also runs in VS Code, gets 200 for each request of the .http file."""
    tool = root / "tests" / "tools" / "node_modules" / ".bin" / "httpyac"
    run = subprocess.run(
        [tool, "send", root / "clients" / "http" / "score.http", "--all", "--json"],
        env={**os.environ, "SCORING_ROOT": score_server.url, "SCORING_KEY": "k"},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    answers = [request["response"] for request in json.loads(run.stdout)["requests"]]
    assert [answer["statusCode"] for answer in answers] == [200] * 4
    bodies = [json.loads(answer["body"]) for answer in answers[2:]]
    assert [len(body["Results"]) for body in bodies] == [1, 1]
