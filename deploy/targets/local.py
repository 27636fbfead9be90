"""Target `local`: Azure's own server on this machine, in the exact layout of v1 or v2.

The service runs on after the command has ended. What is known of it stands in
`build/deploy/local/NAME/`: the folder as the container would have it, the log, and the process.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

from deploy.errors import DeployError, NotFound, UsageError
from deploy.plan import Plan
from deploy.servers.azmlinfsrv import POLL_SECONDS, STOP_SECONDS, ServerFailed
from deploy.service import Service
from deploy.staging.files import Bundle
from deploy.staging.layouts import lay_out
from deploy.targets.base import Facts, Target

FOLDER = Path("build/deploy/local")


class Local(Target):
    """Azure's own server as a process of this machine."""

    name = "local"
    here = True
    facts = Facts(
        what_it_is="Azure's own server as a process here",
        when="while you change the code",
        cost_drivers="none",
        authentication="none",
        limits="this machine",
    )

    def preview(self, plan: Plan, bundle: Bundle | None) -> dict[str, Any]:
        """Return what would be started."""
        return {
            "folder": str(FOLDER / plan.name),
            "layout": plan.layout.value,
            "files": _bundle(bundle).sizes(),
            "models": {model.name: str(model.path) for model in plan.models},
            "port": plan.port or "a free one",
        }

    def up(self, plan: Plan, bundle: Bundle | None) -> Service:
        """Start the service, in place of one of the same name."""
        folder = FOLDER / plan.name
        port = plan.port
        with suppress(NotFound):
            port = port or int(_state(plan.name)["port"])
            self.say(f"Stopping the {plan.name} that runs")
            self.delete(plan.name)
        folder.mkdir(parents=True, exist_ok=True)
        files, models = _bundle(bundle), plan.models
        staged = lay_out(folder / "app", plan.inference, files, models, plan.layout)
        self.say(f"Starting {plan.inference.entry} in the layout of {plan.layout.value}")
        server = staged.server(port=port, log_file=folder / "service.log")
        try:
            server.__enter__()
        except ServerFailed as error:
            shutil.rmtree(folder)
            raise DeployError(f"{error} Nothing is left running.", error.log) from None
        pid = server.detach()
        state = {
            "pid": pid,
            "started": psutil.Process(pid).create_time(),
            "port": server.port,
            "layout": plan.layout.value,
        }
        (folder / "state.json").write_text(json.dumps(state))
        return self.status(plan.name)

    def status(self, name: str) -> Service:
        """Return the service, running or not."""
        state = _state(name)
        running = _process(state) is not None
        return Service(
            name=name,
            target=self.name,
            state="running" if running else "stopped",
            healthy=running,
            scoring_uri=f"http://127.0.0.1:{state['port']}/score",
            details={"pid": state["pid"], "layout": state["layout"]},
        )

    def logs(self, name: str, *, follow: bool) -> Iterator[str]:
        """Yield the log file."""
        state = _state(name)
        with (FOLDER / name / "service.log").open(encoding="utf-8", errors="replace") as log:
            yield log.read()
            while follow and _process(state):
                yield log.read()
                time.sleep(POLL_SECONDS)
            yield log.read()

    def keys(self, name: str, *, regenerate: str = "") -> dict[str, str]:
        """Return nothing: Azure's server itself knows no keys."""
        _state(name)
        if regenerate:
            raise UsageError("A local service has no keys: whoever is on this machine can score.")
        return {}

    def delete(self, name: str) -> None:
        """Stop the service and remove its folder."""
        process = _process(_state(name))
        if process is not None:
            # The server leads a process group of its own: its workers end with it.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            psutil.wait_procs([process], timeout=STOP_SECONDS)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        shutil.rmtree(FOLDER / name)

    def services(self) -> list[Service]:
        """Return all local services."""
        return [self.status(path.parent.name) for path in sorted(FOLDER.glob("*/state.json"))]


def _bundle(bundle: Bundle | None) -> Bundle:
    if bundle is None:
        raise UsageError("This target needs an entry script: leave out --no-code.")
    return bundle


def _state(name: str) -> dict[str, Any]:
    path = FOLDER / name / "state.json"
    if not path.is_file():
        there = ", ".join(sorted(p.parent.name for p in FOLDER.glob("*/state.json"))) or "none"
        raise NotFound(f"No local service {name}. Found: {there}.")
    state: dict[str, Any] = json.loads(path.read_text())
    return state


def _process(state: dict[str, Any]) -> psutil.Process | None:
    """Return the service's process; None when it ended, even if its number is in use again."""
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(state["pid"])
        if process.create_time() == state["started"] and process.status() != psutil.STATUS_ZOMBIE:
            return process
    return None
