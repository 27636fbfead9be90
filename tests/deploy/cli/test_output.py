"""What the operator sees on a terminal, and what a script gets."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

from tests.deploy.conftest import Project


def test_the_result_goes_to_standard_output(project: Project, root: Path) -> None:
    """Progress is drawn on the terminal, and a result that is sent to a file is all there."""
    terminal, slave = pty.openpty()
    command = [sys.executable, "-m", "deploy", "up", "--target", "local", "--dry-run", "--json"]
    with (project.root / "result").open("w") as result:
        process = subprocess.Popen(
            command,
            cwd=project.root,
            env={**os.environ, "PYTHONPATH": str(root), "TERM": "xterm"},
            stdout=result,
            stderr=slave,
        )
    os.close(slave)
    drawn = b""
    try:
        while chunk := os.read(terminal, 10_000):
            drawn += chunk
    except OSError:  # how Linux tells that the other end of a terminal is closed
        pass
    os.close(terminal)
    assert process.wait() == 0, drawn.decode()
    assert json.loads((project.root / "result").read_text())["result"]["layout"] == "v1"
    assert "Checking what is to be deployed" in drawn.decode()
    assert "\x1b[" in drawn.decode()
