"""`python -m training register --better-on`: registered only if it beats the registered one."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
import train
import train_aml
from comparison import NotCompared, compare

from tests.fakes.azure import Azure
from tests.fakes.azure.state import GROUP, SUBSCRIPTION, WORKSPACE

# azureml-core says such things of its own code while it is imported.
pytestmark = [
    pytest.mark.filterwarnings("ignore:FileType Enum is Deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings(r"ignore:\s+(round_trip_)?(load|dump):PendingDeprecationWarning"),
]


def trained(folder: Path, alpha: str, *more: str) -> Path:
    train_aml.main(["train", "--alpha", alpha, "--output", str(folder), *more])
    return folder


def test_only_the_better_one_is_registered(tmp_path: Path, root: Path) -> None:
    """The first is; the same one and a worse one are not; a better one is, with the figures."""
    names = {"subscription_id": SUBSCRIPTION, "resource_group": GROUP}
    (tmp_path / "config.json").write_text(json.dumps({**names, "workspace_name": WORKSPACE}))
    trained(tmp_path / "bad", "50", "--held-out", str(tmp_path / "build" / "held.csv"))
    trained(tmp_path / "good", "0.5")
    assert len(pd.read_csv(tmp_path / "build" / "held.csv")) == 89
    (tmp_path / "azure").mkdir()
    said = []
    with Azure(tmp_path / "azure") as azure:
        environ = azure.environ() | {"PYTHONPATH": str(root)}
        for model in ("bad", "bad", "good", "bad"):
            command = [sys.executable, "-m", "training", "register", "--name", "diabetes",
                       "--model", model, "--better-on", "build/held.csv",
                       "--target", "Y"]  # fmt: skip
            done = subprocess.run(
                command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, (done.stderr, azure.unknown)
            said.append(done.stdout.splitlines())
        models = azure.state.models
        assert azure.unknown == []
    assert [lines[-1] for lines in said] == [
        "registered diabetes:1", "kept diabetes:1", "registered diabetes:2", "kept diabetes:2"
    ]  # fmt: skip
    assert said[0][0] == "no model diabetes is registered yet"
    assert said[1][0].startswith("r2 on 89 held-out rows: new ")
    tags = models["diabetes:2"]["kvTags"]
    assert tags["compared_with"] == "diabetes:1"
    assert float(tags["r2_new"]) > float(tags["r2_old"])


def test_what_cannot_be_compared_is_said(tmp_path: Path, sample_model: Path) -> None:
    """Another table, another metric, a folder with no model: one sentence each."""
    df, target = train.sample_data()
    X, y = df.drop(columns=target), df[target]
    with pytest.raises(NotCompared, match="'r3' is no metric"):
        compare(sample_model, sample_model, "m:1", X, y, "r3")
    with pytest.raises(NotCompared, match="the new model does not predict the held-out rows"):
        compare(sample_model, sample_model, "m:1", X[["bmi"]], y, None)
    with pytest.raises(NotCompared, match="holds 0 joblib files"):
        compare(sample_model, tmp_path, "m:1", X, y, None)
    same = compare(sample_model, sample_model, "m:1", X, y, "neg_mean_absolute_error")
    assert not same.better
    assert same.new == same.old < 0
