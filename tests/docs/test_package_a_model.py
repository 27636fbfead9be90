"""docs/package-a-model.md, followed from top to bottom."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import joblib
import requests
from sklearn.datasets import load_wine
from sklearn.linear_model import Ridge

from deploy.servers.azmlinfsrv import Server
from tests.docs.documented import commands, saved_files

PAGE = "package-a-model.md"


def test_the_page(tmp_path: Path, root: Path) -> None:
    """The package is installed, both ways write a folder, and the service answers its sample."""
    page = root / "docs" / PAGE
    for name in (".venv", "training"):
        (tmp_path / name).symlink_to(root / name)
    (tmp_path / "build").mkdir()
    wine = load_wine(as_frame=True).frame.drop(columns="target")
    wine.to_csv(tmp_path / "build" / "wine.csv", index=False)
    model = Ridge().fit(wine.drop(columns="alcohol"), wine["alcohol"])
    joblib.dump(model, tmp_path / "build" / "wine.joblib")
    for path, content in saved_files(page).items():
        (tmp_path / path).write_text(content, encoding="utf-8")
    install, *ways = commands(page, ".venv/bin/python")
    # Into a folder of its own: the environment that runs the tests stays as it is.
    site = tmp_path / "site"
    here = [*install.replace("./training", str(root / "training")).split()[1:], "--target", site]
    subprocess.run([sys.executable, *map(str, here), "--no-deps", "-q", "--no-build-isolation"],
                   check=True)  # fmt: skip
    environ = {**os.environ, "PYTHONPATH": str(site)}
    for way in ways:
        subprocess.run(["bash", "-c", way], cwd=tmp_path, env=environ, check=True)
    for name in ("churn", "wine"):
        folder = tmp_path / "models" / name / "1"
        sample = json.loads((folder / "sample_input.json").read_text(encoding="utf-8"))
        assert (folder / "baseline.json").is_file()
    with Server(root / "score" / "auto.py", tmp_path / "models" / "churn" / "1") as server:
        sample = [{"town": "Köln", "visits": 20.0}, {"town": "Bonn", "visits": 1.0}]
        answer = requests.post(server.score_url, json={"Inputs": {"data": sample}}, timeout=60)
    assert answer.json() == {"Results": ["stays", "leaves"]}
