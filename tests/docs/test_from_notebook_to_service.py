"""The commands of docs/from-notebook-to-service.md, executed in the order of the page."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from deploy.servers.azmlinfsrv import free_port
from tests.fakes.azure import Azure
from tests.fakes.azure.state import GROUP, SUBSCRIPTION, WORKSPACE

PAGE = Path(__file__).resolve().parents[2] / "docs" / "from-notebook-to-service.md"

#: What `make serve`'s program prints once the service answers.
READY = "answers at"


def blocks() -> list[tuple[str, str]]:
    """Return the commands of the page, each with the text it is said to print."""
    found = re.findall(
        r"^```sh\n(.*?)^```$(?:\n\n```text\n(.*?)^```$)?", PAGE.read_text(), re.M | re.S
    )
    assert len(found) == 11
    return found


@contextmanager
def in_background(command: str, folder: Path, environ: dict[str, str]) -> Iterator[None]:
    """Run a command as in another terminal: until Ctrl-C, once it has said that it is ready."""
    process = subprocess.Popen(
        ["bash", "-c", f"exec {command}"], cwd=folder, env=environ, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        said: list[str] = []
        while not said or READY not in said[-1]:
            said.append(process.stdout.readline())
            assert said[-1], f"ended before it was ready:\n{''.join(said)}"
        yield
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate()


@contextmanager
def workspace(folder: Path) -> Iterator[Azure]:
    """Give a folder the config.json of a workspace in the fake of Azure."""
    names = {"subscription_id": SUBSCRIPTION, "resource_group": GROUP}
    (folder / "config.json").write_text(json.dumps({**names, "workspace_name": WORKSPACE}))
    (folder / "azure").mkdir()
    with Azure(folder / "azure") as azure:
        yield azure
        assert [job.status for job in azure.state.jobs.values()] == ["Completed", "Completed"]
        assert list(azure.state.models) == ["diabetes:1"]
        assert azure.unknown == []


@pytest.mark.needs("curl")
def test_every_command_does_what_the_page_says(tmp_path: Path, root: Path) -> None:
    """A reader who types the page's commands gets through, and sees what it shows."""
    for name in ("training", "score", "deploy", "clients", "notebooks", ".venv"):
        (tmp_path / name).symlink_to(root / name)
    (tmp_path / "build").mkdir()
    environ = {**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true", "HOME": str(tmp_path)}
    port = str(free_port())
    server = None
    for command, expected in blocks():
        command = command.replace("5001", port)
        if "deploy serve" in command:
            server = command
            continue
        with ExitStack() as stack:
            env = environ
            if "curl" in command:
                assert server is not None
                stack.enter_context(in_background(server, tmp_path, environ))
            elif "submit" in command:
                env = environ | stack.enter_context(workspace(tmp_path)).environ()
            shell = ["bash", "-euo", "pipefail", "-c", command]
            done = subprocess.run(
                shell, cwd=tmp_path, env=env, capture_output=True, text=True, check=False
            )
        assert done.returncode == 0, f"{command}\n{done.stderr}"
        assert expected.strip() in done.stdout, command
    for output in ("models/diabetes/1", "models/iris/1", "models/wine/1", "outputs/sweep"):
        assert (tmp_path / output / "models.json").is_file()
