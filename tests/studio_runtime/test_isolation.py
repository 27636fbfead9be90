"""The network is cut, or not, as the kernel allows it; `unshare` makes kernels that say no."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SCRIPT = """
import os
import pandas as pd


def azureml_main(a):
    open("file", "w").close()
    return pd.DataFrame({"user": [os.getuid()], "networks": [len(os.listdir("/sys/class/net"))]})
"""

#: A user of a new namespace may ask for no network namespace at all.
NO_NETWORKS = [
    "unshare",
    "-Ur",
    "sh",
    "-c",
    'echo 0 > /proc/sys/user/max_net_namespaces; "$@"',
    "-",
]

#: A user without any privilege, as containers have it.
NOBODY_SPECIAL = ["unshare", "-U", "--map-user=1000", "--map-group=1000"]


def run(root: Path, folder: Path, prefix: list[str], **job: Any) -> dict[str, Any]:
    paths = {name: str(folder / name) for name in ("script", "bundle", "config")}
    (folder / "script").write_text(SCRIPT)
    done = subprocess.run(
        [*prefix, sys.executable, "-m", "studio_runtime"],
        input=json.dumps(paths | job),
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(root / "score")},
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@pytest.fixture(scope="module", autouse=True)
def _namespaces() -> None:
    """Skip where this machine itself allows no namespaces."""
    if subprocess.run([*NOBODY_SPECIAL, "true"], check=False, capture_output=True).returncode:
        pytest.skip("this machine allows no user namespaces")


@pytest.mark.needs("unshare")
def test_where_the_kernel_refuses_it_is_told(root: Path, tmp_path: Path) -> None:
    """The service starts and says why, unless it must not."""
    assert "no network namespace" in run(root, tmp_path, NO_NETWORKS)["network"]
    (tmp_path / "config").write_text("require_no_network: true")
    refused = run(root, tmp_path, NO_NETWORKS)["refused"]
    assert refused.startswith("require_no_network is set, but the container allows no network")


@pytest.mark.needs("unshare")
def test_a_user_without_privileges_is_enough(root: Path, tmp_path: Path) -> None:
    """The script stays that user and can write its files."""
    (tmp_path / "config").write_text("require_no_network: true")
    body = json.dumps({"Inputs": {"WebServiceInput0": [{"a": 1}]}})
    answer = run(root, tmp_path, NOBODY_SPECIAL, body=body)
    assert answer["status"] == 200, answer
    assert answer["answer"]["Results"]["WebServiceOutput0"][0]["user"] == 1000
