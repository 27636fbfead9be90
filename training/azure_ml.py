"""What training asks of Azure ML: run the scripts there, and register what they made.

SDK v1 is azureml-core, v2 azure-ai-ml; each is imported where it is used. Signing in is left to
the SDKs: a service principal in AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, else
their own ways. The workspace is the one in `config.json`, here or in a folder above.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from azure_errors import azure

#: The folder that is uploaded: the training scripts, alone.
SOURCE = Path(__file__).resolve().parent

EXPERIMENT = "diabetes-ridge"

#: What the no-code deployment of a registered model gets, unless its deployment says otherwise.
CPU, MEMORY_GB = 1, 0.5

#: The scope of a token for Azure's management.
MANAGEMENT = "https://management.azure.com/.default"


class NotRegistered(ValueError):
    """The model cannot be registered; the message says why and what to do."""


def workspace() -> Any:
    """Return SDK v1's workspace from `config.json`."""
    from azureml.core import Workspace
    from azureml.core.authentication import ServicePrincipalAuthentication

    names = ("AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET")
    values = [os.environ.get(name) for name in names]
    auth = ServicePrincipalAuthentication(*values) if all(values) else None
    return Workspace.from_config(auth=auth)


def environment(target: str) -> Any:
    """Return SDK v1's environment for a compute target, made from `training/env.yml`.

    On the local target the Python that runs this is used as it is.
    """
    from azureml.core import Environment

    made = Environment.from_conda_specification("training", str(SOURCE / "env.yml"))
    if target == "local":
        made.python.user_managed_dependencies = True
        made.python.interpreter_path = sys.executable
    return made


def script_run_config(target: str, arguments: Sequence[str]) -> Any:
    """Return SDK v1's description of the job: `train_aml.py train` with `arguments`."""
    from azureml.core import ScriptRunConfig

    return ScriptRunConfig(
        source_directory=str(SOURCE),
        script="train_aml.py",
        arguments=["train", *arguments],
        compute_target=target,
        environment=environment(target),
    )


def command_job(target: str, arguments: Sequence[str]) -> Any:
    """Return SDK v2's description of the job: `training/job.yml` on this compute target."""
    from azure.ai.ml import load_job

    compute = target if target == "local" else f"azureml:{target}"
    job: Any = load_job(SOURCE / "job.yml", params_override=[{"compute": compute}])
    job.command = " ".join([job.command, *arguments])
    return job


def submit_v1(target: str, arguments: Sequence[str]) -> str:
    """Run the job through SDK v1, show its output, and return the run's id."""
    from azureml.core import Experiment

    with azure("the job"):
        run = Experiment(workspace(), EXPERIMENT).submit(script_run_config(target, arguments))
        run.wait_for_completion(show_output=True)
    return str(run.id)


def submit_v2(target: str, arguments: Sequence[str]) -> str:
    """Run the job through SDK v2, show its output, and return the job's name."""
    from azure.ai.ml import MLClient

    with azure("the job"):
        client = MLClient.from_config(_ManagementCredential(), enable_telemetry=False)
        job = client.jobs.create_or_update(command_job(target, arguments))
        client.jobs.stream(job.name)
    return str(job.name)


class _ManagementCredential:
    """azure-identity's own chain, asked for the one scope that all of Azure ML takes.

    azure-ai-ml 1.35 asks for the scope `{endpoint}/.default`, a placeholder that it never fills,
    when it starts a job on this machine; Azure refuses that.
    """

    def __init__(self) -> None:
        from azure.identity import DefaultAzureCredential

        self.chain = DefaultAzureCredential()

    def get_token(self, *_: str, **options: Any) -> Any:
        """Return a token for Azure's management, whatever was asked for."""
        return self.chain.get_token(MANAGEMENT, **options)


def registration(model: Path) -> dict[str, Any]:
    """Return what a model is registered with, from the manifest beside it.

    Framework, its version and resources are what the no-code deployment of SDK v1 reads.

    Args:
        model: the output folder of a training, or the model file in it.

    Raises:
        NotRegistered: there is no model or no manifest, or they do not belong together.
    """
    from azureml.core import Model
    from azureml.core.resource_configuration import ResourceConfiguration

    folder = model if model.is_dir() else model.parent
    manifest = folder / "models.json"
    if not manifest.is_file():
        raise NotRegistered(f"No models.json in {folder}: train first, for instance with train.py.")
    (entry,) = json.loads(manifest.read_text())["models"]
    file = folder / entry["file"]
    if not file.is_file() or (model.is_file() and model.name != file.name):
        raise NotRegistered(f"{manifest} describes {file.name}, not what is to be registered.")
    if hashlib.sha256(file.read_bytes()).hexdigest() != entry["sha256"]:
        raise NotRegistered(f"{file} is not the file that {manifest} describes: train again.")
    metrics = {name: f"{value:.6g}" for name, value in entry["metrics"].items()}
    return {
        "model_framework": Model.Framework.SCIKITLEARN,
        "model_framework_version": entry["libraries"]["scikit-learn"],
        "resource_configuration": ResourceConfiguration(cpu=CPU, memory_in_gb=MEMORY_GB),
        "tags": metrics | {"trained_by": entry["by"]},
        "properties": {key: entry[key] for key in ("sha256", "data_sha256", "trained_at")},
    }


def register(name: str, model: Path) -> Any:
    """Register a local model file or output folder with SDK v1 and return it."""
    from azureml.core import Model

    described = registration(model)
    # The SDK refuses what lies outside of the working folder.
    path = os.path.relpath(model)
    with azure("the registration"):
        return Model.register(workspace(), model_path=path, model_name=name, **described)


def register_from_run(run: Any, name: str, folder: str, described: Mapping[str, Any]) -> Any:
    """Register what a run has uploaded under `folder`, linked to that run."""
    return run.register_model(model_name=name, model_path=folder, **described)
