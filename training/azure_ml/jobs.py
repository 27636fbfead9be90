"""Jobs: any script with its folder, run on Azure ML's compute by either SDK.

SDK v1 is azureml-core, v2 azure-ai-ml; each is imported where it is used.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from azure_ml.errors import azure
from azure_ml.workspace import client, workspace

#: The room of the training scripts: uploaded when one of them is run.
TRAINING = Path(__file__).resolve().parent.parent

#: The image below a job's own packages: Azure's, with Python and MPI.
IMAGE = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04"

#: Trials of a sweep that run at the same time, one node each.
CONCURRENT = 4

#: Where Azure publishes its curated environments for SDK v2.
CURATED = "azureml://registries/azureml/environments"


@dataclass(frozen=True)
class Job:
    """A script to run, as both SDKs are told of it.

    Attributes:
        script: the file; its folder is uploaded without what `.amlignore` lists.
        arguments: for the script, unquoted.
        compute: a cluster's name, or "local".
        environment: a curated or registered environment, `NAME` or `NAME:VERSION`; None for
            the packages of `conda_file`.
        conda_file: what the job installs.
        experiment: under which name its runs are listed.
    """

    script: Path = TRAINING / "train_aml.py"
    arguments: Sequence[str] = ("train",)
    compute: str = "local"
    environment: str | None = None
    conda_file: Path = TRAINING / "env.yml"
    experiment: str = "diabetes-ridge"

    @property
    def folder(self) -> Path:
        """What is uploaded."""
        return self.script.resolve().parent

    @property
    def command(self) -> str:
        """What a shell runs in the folder."""
        return shlex.join(["python", self.script.name, *self.arguments])


def environment_v1(job: Job) -> Any:
    """Return SDK v1's environment; on this machine the Python that runs this, as it is."""
    from azureml.core import Environment

    if job.environment is not None:
        name, _, version = job.environment.partition(":")
        return Environment.get(workspace(), name, version or None)
    made = Environment.from_conda_specification("training", str(job.conda_file))
    if job.compute == "local":
        made.python.user_managed_dependencies = True
        made.python.interpreter_path = sys.executable
    return made


def script_run_config(job: Job) -> Any:
    """Return SDK v1's description of the job."""
    from azureml.core import ScriptRunConfig

    return ScriptRunConfig(
        source_directory=str(job.folder),
        script=job.script.name,
        arguments=list(job.arguments),
        compute_target=job.compute,
        environment=environment_v1(job),
    )


def environment_v2(job: Job) -> Any:
    """Return SDK v2's environment, or the address of a curated one."""
    from azure.ai.ml.entities import Environment

    if job.environment is None:
        return Environment(image=IMAGE, conda_file=str(job.conda_file))
    if job.environment.startswith("azureml:"):
        return job.environment
    name, _, version = job.environment.partition(":")
    return f"{CURATED}/{name}/" + (f"versions/{version}" if version else "labels/latest")


def command_job(job: Job) -> Any:
    """Return SDK v2's description of the job; its outputs are found under `./outputs`."""
    from azure.ai.ml import command

    return command(
        code=str(job.folder),
        command=job.command,
        environment=environment_v2(job),
        compute=job.compute,
        experiment_name=job.experiment,
        display_name=job.script.stem,
    )


def own_job(job: Job) -> Any:
    """Return SDK v2's description in `training/job.yml`, on this compute with these arguments."""
    from azure.ai.ml import load_job

    compute = job.compute if job.compute == "local" else f"azureml:{job.compute}"
    made: Any = load_job(TRAINING / "job.yml", params_override=[{"compute": compute}])
    made.command = " ".join([made.command, *map(shlex.quote, job.arguments[1:])])
    return made


def sweep_job(job: Job, space: Mapping[str, Any], trials: int, metric: str, goal: str) -> Any:
    """Return SDK v2's sweep: the job once for each choice, the best by what it logs.

    Args:
        job: its script takes each parameter as `--NAME VALUE`.
        space: parameter to azure.ai.ml.sweep's Choice, Uniform, LogUniform, ...
        trials: how many are tried.
        metric: as the script logs it.
        goal: "minimize" or "maximize".
    """
    from azure.ai.ml import command

    arguments = "".join(f" --{name} ${{{{inputs.{name}}}}}" for name in space)
    trial = command(
        code=str(job.folder),
        command=job.command + arguments,
        environment=environment_v2(job),
        # Placeholders: an input has to have a value before it is searched for.
        inputs=dict.fromkeys(space, "0"),
    )
    swept: Any = trial(**space).sweep(
        sampling_algorithm="random", primary_metric=metric, goal=goal, compute=job.compute
    )
    swept.set_limits(max_total_trials=trials, max_concurrent_trials=min(CONCURRENT, trials))
    swept.experiment_name = swept.display_name = job.experiment
    return swept


def submit_v1(job: Job) -> str:
    """Run the job through SDK v1, show its output, and return the run's id."""
    from azureml.core import Experiment

    with azure("the job"):
        run = Experiment(workspace(), job.experiment).submit(script_run_config(job))
        run.wait_for_completion(show_output=True)
    return str(run.id)


def submit_v2(described: Any) -> str:
    """Run what SDK v2 describes, show its output, and return the job's name."""
    with azure("the job"):
        space = client()
        made = space.jobs.create_or_update(described)
        space.jobs.stream(made.name)
    return str(made.name)
