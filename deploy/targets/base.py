"""What every target offers: the same few functions, whatever lies behind them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from deploy.config.deployment import Deployment, load_deployment
from deploy.config.inference import Inference
from deploy.config.vocabulary import Schema
from deploy.findings import Finding
from deploy.plan import Plan
from deploy.service import Say, Service
from deploy.staging.files import Bundle
from deploy.staging.layouts import Layout
from deploy.staging.models import ModelSource


@dataclass(frozen=True)
class Facts:
    """What an operator wants to know before choosing a target: its column in docs/deploy.md."""

    what_it_is: str
    when: str
    cost_drivers: str
    authentication: str
    limits: str
    end_of_life: str = "-"


@dataclass(frozen=True)
class NoOptions:
    """The options of a target that needs none of its own."""


class Target(ABC):
    """A place to deploy to.

    Args:
        options: the target's own options, an `options_type`.
        say: tells the operator which step has begun.
    """

    #: What --target calls it.
    name: ClassVar[str]
    #: What there is to know about it.
    facts: ClassVar[Facts]
    #: A frozen dataclass whose fields are typer options: what only this target needs to be told.
    options_type: ClassVar[type[Any]] = NoOptions
    #: The keys of its configuration file; None where it has no file.
    schema: ClassVar[Schema | None] = None
    #: The configuration file it reads by default; None where it needs none.
    config_file: ClassVar[Path | None] = None
    #: How its container is laid out.
    layout: ClassVar[Layout] = Layout.V1
    #: The packages that bring Azure's server and that it takes; one of them is needed.
    servers: ClassVar[tuple[str, ...]] = ("azureml-defaults", "azureml-inference-server-http")
    #: Whether a model can be deployed without an entry script.
    no_code: ClassVar[bool] = False
    #: Whether it listens on a port of this machine.
    here: ClassVar[bool] = False

    def __init__(self, options: Any, say: Say) -> None:
        self.options = options
        self.say = say

    @classmethod
    def load(cls, path: Path | None) -> tuple[Deployment, list[Finding]]:
        """Read the target's own configuration file, and what is unwise in it.

        Raises:
            Faults: naming every key that is unknown, of the wrong type or contradictory.
        """
        file = path or cls.config_file
        if file is None or cls.schema is None:
            return Deployment(None, {}), []
        return load_deployment(file, cls.schema, cls.contradictions)

    @classmethod
    def contradictions(
        cls,
        document: dict[str, Any],  # noqa: ARG003 - some files cannot contradict themselves
        where: str,  # noqa: ARG003
        folder: Path,  # noqa: ARG003
    ) -> list[Finding]:
        """Return what contradicts itself in a configuration that the schema accepts.

        Args:
            document: the file's content.
            where: what to call the file.
            folder: where its paths start.
        """
        return []

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
