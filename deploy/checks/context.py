"""What the checks share: the plan, and what several of them read, each read once."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from deploy.checks.syntax import parse
from deploy.config.conda_file import Packages, packages_of, read_packages
from deploy.config.reader import Document, Faults, read_yaml
from deploy.contract.static_files import with_swagger
from deploy.findings import Finding, Level, Rule
from deploy.plan import Plan
from deploy.servers.azmlinfsrv import Server
from deploy.smoke.sample import Sample
from deploy.staging.files import Bundle, collect

#: The packages that hold Azure's server. SDK v1 deploys only with the first.
SERVER_PACKAGES = ("azureml-defaults", "azureml-inference-server-http")


@dataclass(frozen=True)
class Options:
    """What the operator asks of a check.

    Attributes:
        power_bi: that Power BI can use the service; else what it cannot use is a warning.
        private: that nothing is published that looks private; else it is a warning.
        no_install: run the script among the packages that are here, those that env.yml does
            not bring hidden from import, instead of in an environment made from env.yml.
        expect: a file with the answer to the sample.
        waive: ids of findings that are no fault, and why.
        live: start the service.
        say: tells the operator which step has begun.
    """

    power_bi: bool = False
    private: bool = False
    no_install: bool = False
    expect: Path | None = None
    waive: Mapping[str, str] = field(default_factory=dict)
    live: bool = True
    say: Callable[[str], None] = lambda _: None


@dataclass(frozen=True)
class Live:
    """The service as it runs here.

    Attributes:
        server: the running server.
        swagger: its Swagger 2.0 document; None when it has none.
        sample: the request to try it with; None when nobody gave one.
    """

    server: Server
    swagger: dict[str, Any] | None
    sample: Sample | None


@dataclass
class Context:
    """What a check is handed.

    Attributes:
        plan: what is deployed.
        options: what the operator asks for.
        servers: the packages of Azure's server that the target takes.
        live: the running service; None for the checks before it is started.
    """

    plan: Plan
    options: Options = field(default_factory=Options)
    servers: tuple[str, ...] = SERVER_PACKAGES
    live: Live | None = None

    @property
    def in_azure(self) -> bool:
        """Whether SDK v1 deploys it: it has rules that a local service has not."""
        return SERVER_PACKAGES[1] not in self.servers

    @property
    def entry(self) -> Path:
        """The entry script."""
        return self.plan.inference.entry_file

    @property
    def source(self) -> Path:
        """The folder that is uploaded."""
        return self.plan.inference.source

    @cached_property
    def _swagger(self) -> tuple[Bundle | None, list[Finding]]:
        if self.plan.framework or not self.source.is_dir():
            return None, []
        models = [model.path for model in self.plan.models]
        entry, layout = self.plan.inference.entry, self.plan.layout
        return with_swagger(collect(self.source), entry, layout, models)

    @property
    def bundle(self) -> Bundle | None:
        """The files that are uploaded; None without a folder."""
        return self._swagger[0]

    @property
    def unpublished(self) -> list[Finding]:
        """What keeps the door's own Swagger from being published."""
        return self._swagger[1]

    @cached_property
    def trees(self) -> dict[Path, ast.Module | Finding]:
        """The uploaded Python files by path, read; a fault where one cannot be."""
        files = self.bundle.files if self.bundle else ()
        return {file: parse(self.source / file) for file in files if file.suffix == ".py"}

    @cached_property
    def entry_tree(self) -> ast.Module | Finding:
        """The entry script, read."""
        return self.trees.get(self.plan.inference.entry) or parse(self.entry)

    @cached_property
    def environment(self) -> tuple[Packages | None, list[Finding]]:
        """What is installed, and what is wrong with the file that says so.

        No packages where only Azure knows them: a registered environment, given by its name.
        """
        inference = self.plan.inference
        if inference.conda_file is not None:
            return read_packages(inference.conda_file)
        if not isinstance(inference.environment, dict):
            return None, []
        keys = ("environment", "python", "condaDependencies")
        inner: Any = inference.environment
        for key in keys[1:]:
            inner = inner.get(key) if isinstance(inner, dict) else None
        if not isinstance(inner, dict):
            return None, []
        where = str(inference.path)
        try:
            document = read_yaml(inference.path, where)
        except Faults:  # it was read from elsewhere
            document = Document({"environment": inference.environment})
            document.lines = {}
        return packages_of(document, where, inference.path.parent, keys)

    @property
    def packages(self) -> Packages | None:
        """What is installed; None where it is not known here, or the file cannot be read."""
        packages, found = self.environment
        return None if any(finding.level is Level.FAULT for finding in found) else packages

    @property
    def conda_where(self) -> str:
        """How messages call the file that lists the packages."""
        return str(self.plan.inference.conda_file or self.plan.inference.path)


@dataclass(frozen=True)
class Check:
    """One check.

    Attributes:
        run: looks, and returns what it found.
        rules: the kinds of findings that it can return.
        live: whether it needs the running service.
    """

    run: Callable[[Context], Iterable[Finding]]
    rules: tuple[Rule, ...]
    live: bool = False
