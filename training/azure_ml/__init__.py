"""What training asks of Azure ML: run scripts there, register what they made, get it back."""

from azure_ml.errors import AzureFailed
from azure_ml.jobs import (
    Job,
    command_job,
    own_job,
    script_run_config,
    submit_v1,
    submit_v2,
    sweep_job,
)
from azure_ml.models import NotRegistered, latest, register, register_from_run, registration

__all__ = [
    "AzureFailed",
    "Job",
    "NotRegistered",
    "command_job",
    "latest",
    "own_job",
    "register",
    "register_from_run",
    "registration",
    "script_run_config",
    "submit_v1",
    "submit_v2",
    "sweep_job",
]
