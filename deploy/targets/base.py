"""What every target offers: the same few functions, whatever lies behind them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar

from deploy.config.deployment import Deployment
from deploy.config.inference import Inference
from deploy.findings import Finding
from deploy.plan import Plan
from deploy.sdk_v1.workspace import WorkspaceOptions
from deploy.service import Say, Service
from deploy.staging.files import Bundle
from deploy.staging.layouts import Layout
from deploy.staging.models import ModelSource


class Target(ABC):
    """A place to deploy to.

    Args:
        workspace: names the Azure ML workspace, for targets in Azure.
        say: tells the operator which step has begun.
    """

    #: What --target calls it.
    name: ClassVar[str]
    #: The configuration file it reads by default; None where it needs none.
    config_file: ClassVar[Path | None] = None
    #: How its container is laid out.
    layout: ClassVar[Layout] = Layout.V1
    #: The packages that bring Azure's server and that it takes; one of them is needed.
    servers: ClassVar[tuple[str, ...]] = ("azureml-defaults", "azureml-inference-server-http")
    #: Whether a model can be deployed without an entry script.
    no_code: ClassVar[bool] = False

    def __init__(self, workspace: WorkspaceOptions, say: Say) -> None:
        self.workspace_options = workspace
        self.say = say

    @classmethod
    def load(cls, path: Path | None) -> tuple[Deployment, list[Finding]]:  # noqa: ARG003
        """Read the target's own configuration file."""
        return Deployment(None, {}), []

    @classmethod
    def rules(
        cls,
        deployment: Deployment,  # noqa: ARG003 - some targets have no rules of their own
        models: Sequence[ModelSource],  # noqa: ARG003
        inference: Inference | None,  # noqa: ARG003
    ) -> list[Finding]:
        """Return what the target itself does not allow.

        Args:
            deployment: the target's own configuration.
            models: what is to be deployed.
            inference: what `inference_config.yml` says; None where that is faulty itself.
        """
        return []

    @abstractmethod
    def preview(self, plan: Plan, bundle: Bundle | None) -> dict[str, Any]:
        """Return exactly what `up` would send or start, without doing it."""

    @abstractmethod
    def up(self, plan: Plan, bundle: Bundle | None) -> Service:
        """Create the service, or update it when it is there."""

    @abstractmethod
    def status(self, name: str) -> Service:
        """Return the service.

        Raises:
            NotFound: there is none of that name.
        """

    @abstractmethod
    def logs(self, name: str, *, follow: bool) -> Iterator[str]:
        """Yield the service's log, and with `follow` what it goes on to say."""

    @abstractmethod
    def keys(self, name: str, *, regenerate: str = "") -> dict[str, str]:
        """Return what authenticates a request; `regenerate` names the key to make anew first."""

    @abstractmethod
    def delete(self, name: str) -> None:
        """Remove the service."""

    @abstractmethod
    def services(self) -> list[Service]:
        """Return all services of this target."""
