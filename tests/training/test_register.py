"""`python -m training register`, sent by the real SDK to the loopback fake of Azure."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import sklearn

from tests.fakes.azure import Azure
from tests.fakes.azure.proxy import Answer
from tests.fakes.azure.state import GROUP, SUBSCRIPTION, WORKSPACE


def test_register(tmp_path: Path, sample_model: Path, root: Path) -> None:
    """The workspace gets all that no-code deployment reads; a refusal is one sentence."""
    names = {"subscription_id": SUBSCRIPTION, "resource_group": GROUP}
    (tmp_path / "config.json").write_text(json.dumps({**names, "workspace_name": WORKSPACE}))
    model = tmp_path / "outputs"
    model.mkdir()
    for path in sample_model.iterdir():
        (model / path.name).write_bytes(path.read_bytes())
    (tmp_path / "azure").mkdir()
    with Azure(tmp_path / "azure") as azure:
        command = [sys.executable, "-m", "training", "register", "--name", "diabetes"]
        environ = azure.environ() | {"PYTHONPATH": str(root)}
        done = subprocess.run(
            command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        azure.fail("POST", "/models$", Answer(403, {"error": {"message": "no write access"}}))
        refused = subprocess.run(
            command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False
        )
        registered = azure.state.models["diabetes:1"]
        uploaded = {Path(name).name: content for name, content in azure.state.blobs.items()}
        assert not azure.unknown
    assert done.stdout.splitlines()[-1] == "registered diabetes:1"
    assert refused.returncode == 1
    assert refused.stderr.splitlines()[-1].startswith("Azure ended the registration: ")
    assert "Traceback" not in refused.stderr
    assert registered["framework"] == "ScikitLearn"
    assert registered["frameworkVersion"] == sklearn.__version__
    (entry,) = json.loads((model / "models.json").read_text())["models"]
    assert registered["properties"]["sha256"] == entry["sha256"]
    assert uploaded["model.joblib"] == (sample_model / "model.joblib").read_bytes()
    assert {"models.json", "sample_input.json"} <= uploaded.keys()
