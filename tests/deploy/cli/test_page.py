"""`make page`, run as the command it is; what the page does is tested in tests/clients."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psutil
import pytest
import requests

from deploy.cli.page import serve_page


@pytest.mark.usefixtures("sample_model", "digits_model")
def test_the_page_and_its_services(root: Path) -> None:
    """The printed link has page and services; both publish documents that the page may read."""
    command = [sys.executable, "-m", "deploy", "page", "--port", "0"]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            link = process.stdout.readline().split()[1]
            children = psutil.Process(process.pid).children(recursive=True)
            page, _, services = link.partition("#")
            assert "Score a picture or a table" in requests.get(page, timeout=60).text
            own = {"Origin": page.rstrip("/")}
            documents = {}
            for name, (address,) in parse_qs(services).items():
                swagger = address.removesuffix("/score") + "/swagger.json?version=3"
                answer = requests.get(swagger, headers=own, timeout=60)
                assert answer.headers["Access-Control-Allow-Origin"] == own["Origin"]
                documents[name] = answer.json()["paths"]["/score"]["post"]["requestBody"]["content"]
                assert urlsplit(address).hostname == "127.0.0.1"
            assert "multipart/form-data" in documents["image"]
            assert "application/json" in documents["table"]
        finally:
            process.send_signal(signal.SIGINT)
    assert process.returncode == 0
    assert children
    assert not any(child.is_running() for child in children)


def test_a_port_that_is_taken(root: Path) -> None:
    """A page that cannot be served is one sentence and an exit code."""
    with serve_page() as taken:
        port = str(urlsplit(taken).port)
        command = [sys.executable, "-m", "deploy", "page", "--port", port]
        run = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=120)
    assert run.returncode == 1
    assert f"Port {port} cannot be used" in run.stderr
