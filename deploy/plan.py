"""The plan: everything that one command works on, read and put together before it starts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from deploy.config.deployment import Deployment
from deploy.config.inference import Inference
from deploy.staging.layouts import Layout
from deploy.staging.models import ModelSource


@dataclass(frozen=True)
class Plan:
    """What is deployed, and where.

    Attributes:
        name: the service's name.
        inference: what `inference_config.yml` says.
        deployment: the target's own configuration; empty where it has none.
        models: the models.
        layout: how the container is laid out.
        sample: the request to send; the contract's when None.
        port: the port on this machine; 0 picks a free one.
        framework: for a deployment without code, the models' framework; empty otherwise.
    """

    name: str
    inference: Inference
    deployment: Deployment
    models: tuple[ModelSource, ...]
    layout: Layout = Layout.V1
    sample: Path | None = None
    port: int = 0
    framework: str = ""
