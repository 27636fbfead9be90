"""Target `container`: an image from `deploy/Dockerfile`, run with docker or podman.

For networks where a build or a container needs more than the defaults, CONTAINER_BUILD_OPTIONS
and CONTAINER_RUN_OPTIONS are added to the engine's own options (`--network host`, say), and
CONTAINER_PIP_CONFIG names a pip configuration that the build reads as a secret.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import requests
import tenacity

from deploy.config.conda_file import read_packages
from deploy.config.deployment import Deployment
from deploy.config.inference import Inference
from deploy.errors import DeployError, NotFound, UsageError
from deploy.findings import Finding, fault
from deploy.plan import Plan
from deploy.servers.azmlinfsrv import free_port, port_is_free
from deploy.servers.loopback import session
from deploy.service import Service
from deploy.staging.files import Bundle
from deploy.staging.layouts import MODELS, Staged, lay_out
from deploy.staging.models import ModelSource
from deploy.targets.base import Facts, Target

ENGINES = ("docker", "podman")
DOCKERFILE = Path(__file__).resolve().parent.parent / "Dockerfile"
APP = Path("/var/azureml-app")

#: Marks our containers among others.
LABEL = "scoring.deploy.name"

#: How long a container may take until it answers.
START_SECONDS = 120


class Container(Target):
    """A container on this machine."""

    name = "container"
    here = True
    facts = Facts(
        what_it_is="an image and a container here",
        when="to see the container as it will be, or to run without Azure ML",
        cost_drivers="none",
        authentication="none: put a gateway in front",
        limits="this machine",
    )

    @classmethod
    def rules(
        cls,
        deployment: Deployment,  # noqa: ARG003 - it has no file of its own
        models: Sequence[ModelSource],  # noqa: ARG003 - any will do
        inference: Inference | None,
    ) -> list[Finding]:
        """Return what cannot be installed in a container."""
        return check_container(inference) if inference else []

    def preview(self, plan: Plan, bundle: Bundle | None) -> dict[str, Any]:
        """Return the commands that would be run."""
        files = _bundle(bundle)
        staged = Staged(APP, Path(files.source.resolve().name) / plan.inference.entry,
                        _model_dir(plan), plan.layout)  # fmt: skip
        return {
            "files": files.sizes(),
            "models": {model.name: str(model.path) for model in plan.models},
            "build": self._build_command(plan, staged, Path("<context>")),
            "run": self._run_command(plan.name, plan.port or 5001),
        }

    def up(self, plan: Plan, bundle: Bundle | None) -> Service:
        """Build the image and run it, in place of a container of the same name."""
        files = _bundle(bundle)
        with tempfile.TemporaryDirectory() as folder:
            context = Path(folder)
            staged = lay_out(
                context, plan.inference, files, plan.models, plan.layout, copy_models=True
            )
            code = staged.entry.parts[0]
            (context / code).rename(context / "code")
            (context / MODELS).mkdir(exist_ok=True)
            if plan.inference.conda_file is not None:
                lines = requirements(plan.inference.conda_file)
                (context / "requirements.txt").write_text("\n".join(lines) + "\n")
            inside = Staged(APP, staged.entry, staged.model_dir, plan.layout)
            self.say(f"Building the image {_image(plan.name)}")
            self._engine_run(self._build_command(plan, inside, context), "Building the image")
        present = self._inspect(plan.name)
        port = plan.port or (_port(present) if present else 0)
        if plan.port and not (present and _port(present) == port) and not port_is_free(port):
            goes_on = f" {plan.name} goes on as it is." if present else ""
            raise UsageError(f"Port {port} is taken: choose another --port.{goes_on}")
        port = port or free_port()
        if present:
            self.say(f"Removing the container {plan.name} that runs")
            self._engine_run([*self._engine(), "rm", "--force", plan.name], "Removing it")
        self.say(f"Starting the container {plan.name} on port {port}")
        self._engine_run(self._run_command(plan.name, port), "Starting the container")
        self._wait(plan.name, port)
        return self.status(plan.name)

    def status(self, name: str) -> Service:
        """Return the container's state."""
        found = self._inspect(name)
        if found is None:
            others = ", ".join(service.name for service in self.services()) or "none"
            raise NotFound(f"No container {name}. Found: {others}.")
        state = found["State"]
        return Service(
            name=name,
            target=self.name,
            state=state["Status"],
            healthy=bool(state.get("Running")),
            scoring_uri=f"http://127.0.0.1:{_port(found)}/score",
            details={"image": found["Config"]["Image"], "engine": self._engine()[0]},
        )

    def logs(self, name: str, *, follow: bool) -> Iterator[str]:
        """Yield what the container prints."""
        self.status(name)
        command = [*self._engine(), "logs", *(["--follow"] if follow else []), name]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as process:
            try:
                yield from process.stdout or ()
            finally:
                process.terminate()

    def keys(self, name: str, *, regenerate: str = "") -> dict[str, str]:
        """Return nothing: Azure's server itself knows no keys."""
        self.status(name)
        if regenerate:
            raise UsageError("A container has no keys: put a gateway in front of it.")
        return {}

    def delete(self, name: str) -> None:
        """Remove the container and its image."""
        self.status(name)
        engine = self._engine()
        self._engine_run([*engine, "rm", "--force", name], "Removing the container")
        self._engine_run([*engine, "rmi", _image(name)], "Removing the image")

    def services(self) -> list[Service]:
        """Return all containers started by this command."""
        listed = self._engine_run(
            [
                *self._engine(),
                "ps",
                "--all",
                "--filter",
                f"label={LABEL}",
                "--format",
                "{{.Names}}",
            ],
            "Listing the containers",
        )
        return [self.status(name) for name in listed.split()]

    def _build_command(self, plan: Plan, staged: Staged, context: Path) -> list[str]:
        variables = staged.environ()
        arguments = {
            "CODE": staged.entry.parts[0],
            "ENTRY": str(staged.root / staged.entry),
            "APP_ROOT": variables["AML_APP_ROOT"],
            "SOURCE": variables.get("AZUREML_SOURCE_DIRECTORY", ""),
            "MODEL_DIR": variables.get("AZUREML_MODEL_DIR", ""),
        }
        if plan.inference.base_image:
            arguments["BASE_IMAGE"] = plan.inference.base_image
        engine = self._engine()
        # Of podman's two formats only docker's keeps the health check.
        engine += ["build", *(["--format", "docker"] if engine[0] == "podman" else [])]
        command = [*engine, "--file", str(DOCKERFILE), "--tag", _image(plan.name)]
        for name, value in arguments.items():
            command += ["--build-arg", f"{name}={value}"]
        pip_config = os.environ.get("CONTAINER_PIP_CONFIG")
        if pip_config:
            command += ["--secret", f"id=pip,src={pip_config}"]
        return [*command, *_options("CONTAINER_BUILD_OPTIONS"), str(context)]

    def _run_command(self, name: str, port: int) -> list[str]:
        command = [*self._engine(), "run", "--detach", "--name", name]
        command += ["--label", f"{LABEL}={name}", "--label", f"scoring.deploy.port={port}"]
        command += ["--read-only", "--tmpfs", "/tmp"]  # noqa: S108 - the container's own
        command += ["--cap-drop", "ALL", "--security-opt", "no-new-privileges"]
        command += ["--publish", f"127.0.0.1:{port}:{port}", "--env", f"PORT={port}"]
        return [*command, *_options("CONTAINER_RUN_OPTIONS"), _image(name)]

    def _engine(self) -> list[str]:
        chosen = os.environ.get("CONTAINER_ENGINE")
        for engine in [chosen] if chosen else ENGINES:
            found = shutil.which(engine)
            if (
                found
                and subprocess.run([found, "info"], capture_output=True, check=False).returncode
                == 0
            ):
                return [engine]
        raise UsageError(f"Neither {' nor '.join(ENGINES)} works here: install and start one.")

    def _engine_run(self, command: Sequence[str], doing: str) -> str:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise DeployError(f"{doing} failed: {command[0]} {command[1]} ended with "
                              f"{done.returncode}.", done.stdout + done.stderr)  # fmt: skip
        return done.stdout

    def _inspect(self, name: str) -> dict[str, Any] | None:
        command = [*self._engine(), "container", "inspect", name]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        found: list[dict[str, Any]] = json.loads(done.stdout or "[]")
        return found[0] if found and LABEL in _labels(found[0]) else None

    def _wait(self, name: str, port: int) -> None:
        waiting = tenacity.Retrying(
            stop=tenacity.stop_after_delay(START_SECONDS),
            wait=tenacity.wait_fixed(1),
            retry=tenacity.retry_if_result(lambda ended: not ended),
            retry_error_callback=lambda _: None,
        )
        waiting(lambda: _answers(port) or not self.status(name).healthy)
        if _answers(port):
            return
        log = "".join(self.logs(name, follow=False))
        raise DeployError(
            f"The container {name} does not answer. It is kept for you to look at: "
            f"python -m deploy delete --target container --name {name} removes it.",
            log,
        )


def requirements(conda_file: Path) -> list[str]:
    """Return env.yml's pip list, files that it names read; `check` has seen that it is all."""
    return read_packages(conda_file)[0].lines


def _bundle(bundle: Bundle | None) -> Bundle:
    if bundle is None:
        raise UsageError("This target needs an entry script: leave out --no-code.")
    return bundle


def _model_dir(plan: Plan) -> Path | None:
    if len(plan.models) != 1:
        return Path(MODELS) if plan.models else None
    return Path(MODELS) / plan.models[0].name / plan.models[0].version


def _image(name: str) -> str:
    return f"scoring-{name}:latest"


def _labels(found: dict[str, Any]) -> dict[str, str]:
    return found["Config"].get("Labels") or {}


def _port(found: dict[str, Any]) -> int:
    return int(_labels(found)["scoring.deploy.port"])


def _options(variable: str) -> list[str]:
    return shlex.split(os.environ.get(variable, ""))


def _answers(port: int) -> bool:
    try:
        with session() as here:
            return here.get(f"http://127.0.0.1:{port}/", timeout=5).ok
    except requests.RequestException:
        return False


def check_container(inference: Inference) -> list[Finding]:
    """Return what an image without conda cannot have."""
    if inference.conda_file is None:
        problem = "environment is given, which only Azure ML can build."
        return [fault(inference.path, problem, "Give condaFile instead: a container needs it.")]
    packages, _ = read_packages(inference.conda_file)
    if not packages.conda:
        return []
    problem = f"A container has no conda, which {', '.join(packages.conda)} need."
    return [fault(inference.conda_file, problem, "Move them to the pip list.")]
