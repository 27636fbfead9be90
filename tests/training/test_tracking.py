"""Every training script records its run: the same options, the same places."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import digits
import iris
import joblib
import pytest
import skops.io
import train
import train_aml
import yaml

# mlflow and azureml-core say such things of their own code while they are imported.
pytestmark = [
    pytest.mark.filterwarnings("ignore:.*Any type hint is inferred:UserWarning"),
    pytest.mark.filterwarnings("ignore:FileType Enum is Deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings(r"ignore:\s+(round_trip_)?(load|dump):PendingDeprecationWarning"),
    pytest.mark.filterwarnings("ignore:.*Integer columns in Python:UserWarning"),
]

SCRIPTS: dict[str, tuple[Any, list[str]]] = {
    "diabetes": (train, []),
    "iris": (iris, ["--kernel", "rbf"]),
    "digits": (digits, ["--copies", "1", "--epochs", "1"]),
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_mlflow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Parameters, metrics, the folder, and the model in MLflow's form."""
    import mlflow

    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    monkeypatch.setenv("MLFLOW_DISABLE_TELEMETRY", "true")
    mlflow.set_tracking_uri((tmp_path / "mlruns").as_uri())
    script, arguments = SCRIPTS[name]
    script.main([*arguments, "--tracking", "mlflow", "--output", str(tmp_path / "out")])
    (run,) = [path.parent for path in (tmp_path / "mlruns").glob("*/*/artifacts")]
    entries = json.loads((tmp_path / "out" / "models.json").read_text())["models"]
    (entry,) = [one for one in entries if one["file"] == "model.joblib"]
    for metric, value in entry["metrics"].items():
        assert float((run / "metrics" / metric).read_text().split()[1]) == pytest.approx(value)
    assert (run / "params" / "seed").read_text() == "0"
    assert (run / "artifacts" / "model" / "models.json").is_file()
    saved = run / "artifacts" / "mlflow_model"
    described = yaml.safe_load((saved / "MLmodel").read_text())
    file = saved / described["flavors"]["sklearn"]["pickled_model"]
    theirs = skops.io.load(file, trusted=skops.io.get_untrusted_types(file=file))
    ours = joblib.load(tmp_path / "out" / "model.joblib")
    assert type(theirs) is type(ours)
    assert theirs.n_features_in_ == ours.n_features_in_


def test_classification_in_a_run(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """train_aml trains iris as it trains diabetes, and takes the estimator's own parameters."""
    train_aml.main(["train", "--task", "classification", "--C", "0.25", "--kernel", "rbf",
                    "--output", str(tmp_path / "out")])  # fmt: skip
    model = joblib.load(tmp_path / "out" / "model.joblib")
    assert (model.C, model.kernel) == (0.25, "rbf")
    printed = capfd.readouterr().out
    assert "Attempted to set tags {'model': 'svc'}" in printed
    assert "log scalar metric accuracy" in printed
    assert "log image metric confusion_matrix" in printed


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--alfa", "1"], "unexpected keyword argument 'alfa'"),
        (["--alpha"], "--alpha: expected --NAME VALUE"),
        (["alpha", "1"], "alpha: expected --NAME VALUE"),
        (["--task", "classification", "--C", "-1"], "The 'C' parameter of SVC must be"),
    ],
)
def test_wrong_parameters(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], expected: str
) -> None:
    """The estimator itself says what it takes, before anything is trained."""
    with pytest.raises(SystemExit):
        train_aml.main(["train", "--output", str(tmp_path / "out"), *arguments])
    assert expected in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
