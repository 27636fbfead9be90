"""The command line as a user starts it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def run(*arguments: str, cwd: Path, root: Path) -> subprocess.CompletedProcess[str]:
    """Run the command; the project lies elsewhere than the working folder."""
    command = [sys.executable, "-m", "training", *arguments]
    environ = {**os.environ, "PYTHONPATH": str(root), "MLFLOW_DISABLE_TELEMETRY": "true"}
    return subprocess.run(
        command, cwd=cwd, env=environ, capture_output=True, text=True, check=False
    )
