"""The Locust file against the running service."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from deploy.servers.azmlinfsrv import Server


def test_both_doors_under_load(
    root: Path,
    score_server: Server,
    start_server: Callable[..., Server],
    digits_model: Path,
    tmp_path: Path,
) -> None:
    """Every request of a short run succeeds, and the picture is drawn."""
    images = start_server(root / "score" / "image.py", digits_model)
    picture = tmp_path / "load.png"
    command: list[str | Path] = [
        sys.executable,
        "-m",
        "locust",
        "-f",
        root / "clients" / "load" / "locustfile.py",
    ]
    command += ["--headless", "-u", "4", "-r", "4", "-t", "4s", "--host", score_server.url]
    command += [
        "--csv",
        tmp_path / "load",
        "--picture",
        picture,
        "--image-host",
        images.url,
        "--only-summary",
    ]
    # However slow the machine is, what a user has begun is finished.
    command += ["--stop-timeout", "60"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr
    with (tmp_path / "load_stats.csv").open() as stats:
        rows = list(csv.DictReader(stats))
    assert int(rows[-1]["Request Count"]) > 3
    assert rows[-1]["Failure Count"] == "0"
    names = {row["Name"].partition(",")[0] for row in rows}
    assert names == {"table", "image", "Aggregated"}
    with Image.open(picture) as image:
        assert image.width > 500
