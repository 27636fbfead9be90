"""`training/train_aml.py`: recorded offline, described for Azure ML by its real SDKs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import azure_ml
import azure_ml.jobs
import joblib
import pytest
import sklearn
import skops.io
import train
import train_aml
import yaml
from commands import app

from tests.nearly import nearly

pytestmark = [
    # azureml-core's own modules use what azureml-core deprecated.
    pytest.mark.filterwarnings("ignore:FileType Enum is Deprecated:DeprecationWarning"),
    # azureml-core still reads YAML as ruamel.yaml did before 0.15.
    pytest.mark.filterwarnings(r"ignore:\s+(round_trip_)?(load|dump):PendingDeprecationWarning"),
    # azure-ai-ml is written for marshmallow 3, which announces version 4.
    pytest.mark.filterwarnings("ignore::marshmallow.warnings.RemovedInMarshmallow4Warning"),
    pytest.mark.filterwarnings("ignore::marshmallow.warnings.ChangedInMarshmallow4Warning"),
]


def run(*arguments: object, cwd: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run the program as a user does; azureml-core warns on import, so warnings are no errors."""
    command = [sys.executable, str(train_aml.__file__), *map(str, arguments)]
    return subprocess.run(
        command, cwd=cwd, env={**os.environ, **environ}, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def offline(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Output folder and standard output of a training outside of Azure ML."""
    folder = tmp_path_factory.mktemp("offline")
    (folder / "own.json").write_text('{"training": {"alpha": 2.0, "seed": 5}, "tags": {"a": "b"}}')
    done = run("train", "--parameters", "own.json", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder / "outputs", done.stdout


def test_offline_run(offline: tuple[Path, str]) -> None:
    """Outside of Azure ML azureml-core's offline run gets parameters, metrics, tags and model."""
    folder, printed = offline
    metrics = json.loads(printed.splitlines()[-1])
    assert joblib.load(folder / "model.joblib").alpha == 2.0
    assert "Attempted to set tags {'a': 'b'}" in printed
    assert "log scalar metric alpha:\n2.0" in printed
    assert f"log scalar metric mse:\n{metrics['mse']}" in printed
    assert "track folder model at outputs" in printed
    assert "log image metric predicted_against_true" in printed


def test_trains_the_same_model_as_train(offline: tuple[Path, str], tmp_path: Path) -> None:
    """The same parameters give the same model, whoever starts the training."""
    train.main(["--alpha", "2.0", "--seed", "5", "--output", str(tmp_path)])
    both = [json.loads((d / "models.json").read_text()) for d in (offline[0], tmp_path)]
    first, second = (content["models"][0] for content in both)
    assert first["predictions_sha256"] == second["predictions_sha256"]
    assert first["metrics"] == nearly(second["metrics"])


def test_mlflow(tmp_path: Path) -> None:
    """MLflow has parameters, metrics and tags, and its model predicts what the file does."""
    done = run(
        "train", "--tracking", "mlflow", "--seed", "7", cwd=tmp_path,
        MLFLOW_TRACKING_URI=(tmp_path / "mlruns").as_uri(),
        MLFLOW_ALLOW_FILE_STORE="true", MLFLOW_DISABLE_TELEMETRY="true",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    metrics = json.loads(done.stdout.splitlines()[-1])
    (run_folder,) = [p.parent for p in (tmp_path / "mlruns").glob("*/*/artifacts")]
    assert (run_folder / "params" / "seed").read_text() == "7"
    assert (run_folder / "tags" / "model").read_text() == "ridge"
    assert float((run_folder / "metrics" / "mse").read_text().split()[1]) == metrics["mse"]
    assert (run_folder / "artifacts" / "model" / "models.json").is_file()
    saved = run_folder / "artifacts" / "mlflow_model"
    described = yaml.safe_load((saved / "MLmodel").read_text())
    assert "bmi" in described["signature"]["inputs"]
    theirs = skops.io.load(saved / described["flavors"]["sklearn"]["pickled_model"])
    ours = joblib.load(tmp_path / "outputs" / "model.joblib")
    X = train.sample_data()[0].drop(columns="Y")
    assert theirs.predict(X).tolist() == nearly(ours.predict(X).tolist())


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("{", "is not JSON"),
        ("[]", "expected an object of the objects training, tags"),
        ('{"training": 1}', "expected an object of the objects training, tags"),
        ('{"traning": {}}', "unknown key 'traning'; known are training, tags"),
        ('{"training": {"alfa": 1}}', "unexpected keyword argument 'alfa'"),
        ('{"training": {"alpha": -1}}', "The 'alpha' parameter of Ridge must be"),
        (None, "No such file or directory"),
    ],
)
def test_bad_parameters(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None, expected: str
) -> None:
    """A parameters file that cannot be used is refused before any training."""
    path = tmp_path / "p.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(SystemExit) as stop:
        train_aml.main(["train", "--parameters", str(path), "--output", str(tmp_path / "out")])
    assert stop.value.code == 2
    assert expected in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("whole_folder", [True, False])
def test_registration(sample_model: Path, whole_folder: bool) -> None:
    """The SDK's own objects say framework, its version and resources, as no-code needs them."""
    model = sample_model if whole_folder else sample_model / "model.joblib"
    described = azure_ml.registration(model)
    assert described["model_framework"] == "ScikitLearn"
    assert described["model_framework_version"] == sklearn.__version__
    resources = described["resource_configuration"].serialize()
    assert (resources["cpu"], resources["memoryInGB"]) == (1, 0.5)
    assert described["tags"]["trained_by"] == "training/train.py"


def test_only_what_the_manifest_describes_is_registered(
    sample_model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No manifest, another file, or a changed model: nothing is sent."""
    (tmp_path / "models.json").write_text((sample_model / "models.json").read_text())
    (tmp_path / "model.joblib").write_bytes(b"another model")
    (tmp_path / "other.joblib").touch()
    (tmp_path / "bare").mkdir()
    for name, expected in (
        ("", "is not the file that"),
        ("other.joblib", "describes model.joblib, not what"),
        ("bare", "No models.json in"),
    ):
        with pytest.raises(SystemExit):
            app(["register", "--name", "m", "--model", str(tmp_path / name)])
        assert expected in capsys.readouterr().err


def test_nothing_is_trained_where_it_cannot_be_registered(tmp_path: Path) -> None:
    """`--register` outside of a run is refused before the training."""
    done = run("train", "--register", "diabetes", cwd=tmp_path)
    assert done.returncode == 2
    assert "--register works inside a run of SDK v1" in done.stderr
    assert not (tmp_path / "outputs").exists()


def test_v1_job() -> None:
    """SDK v1 builds the job from training/env.yml; locally it takes the Python at hand."""
    job = azure_ml.Job(arguments=["train", "--seed", "3"], compute="cpu-cluster")
    cluster = azure_ml.script_run_config(job)
    packages = cluster.run_config.environment.python.conda_dependencies.pip_packages
    assert (cluster.script, cluster.arguments) == ("train_aml.py", ["train", "--seed", "3"])
    assert cluster.run_config.target == "cpu-cluster"
    assert f"scikit-learn=={sklearn.__version__}" in packages
    assert not cluster.run_config.environment.python.user_managed_dependencies
    local = azure_ml.script_run_config(azure_ml.Job()).run_config
    assert local.environment.python.interpreter_path == sys.executable


def test_v2_job() -> None:
    """SDK v2 accepts job.yml; compute and further arguments are those asked for."""
    asked = azure_ml.Job(arguments=["train", "--seed", "3"], compute="big-cluster")
    job = azure_ml.own_job(asked)
    assert job.compute == "big-cluster"
    assert job.command.startswith("python train_aml.py train ")
    assert job.command.endswith("--output ${{outputs.model}} --seed 3")
    assert job.environment.conda_file["name"] == "training"
    assert job.outputs["model"].type == "uri_folder"
    assert azure_ml.own_job(azure_ml.Job()).compute == "local"


@pytest.mark.parametrize("sdk", ["v1", "v2"])
def test_no_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sdk: str) -> None:
    """Without config.json the message says where to get one."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit, match=r"There is no config\.json in this folder"):
        app(["submit", "--sdk", sdk])


def test_training_installs_the_services_versions(root: Path) -> None:
    """Whatever the model's file depends on has one version in both environments."""
    pins = []
    for path in (root / "env.yml", root / "training" / "env.yml"):
        (pip,) = [d["pip"] for d in yaml.safe_load(path.read_text())["dependencies"] if "pip" in d
                  and isinstance(d, dict)]  # fmt: skip
        pins.append(dict(line.split("==") for line in pip if "==" in line))
    for library in ("scikit-learn", "numpy", "pandas", "joblib"):
        assert pins[0][library] == pins[1][library]


def test_amlignore_is_respected(tmp_path: Path) -> None:
    """Both SDKs leave out caches, data and secrets, and upload the scripts."""
    from azure.ai.ml._utils._asset_utils import get_ignore_file
    from azureml._project.ignore_file import get_project_ignore_file

    (tmp_path / ".amlignore").write_text((azure_ml.jobs.TRAINING / ".amlignore").read_text())
    v1, v2 = get_project_ignore_file(str(tmp_path)), get_ignore_file(tmp_path)
    for name in (
        "__pycache__/x.pyc",
        "own.csv",
        "deep/own.parquet",
        ".env",
        "outputs/model.joblib",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        assert v1.is_file_excluded(str(path)), name
        assert v2.is_file_excluded(str(path)), name
    for name in ("train_aml.py", "env.yml", "parameters.json"):
        (tmp_path / name).touch()
        assert not v1.is_file_excluded(str(tmp_path / name)), name
        assert not v2.is_file_excluded(str(tmp_path / name)), name
