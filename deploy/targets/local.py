"""Target `local`: Azure's own server on this machine, in the exact layout of v1 or v2.

The service runs on after the command has ended. What is known of it stands in
`build/deploy/local/NAME/`:

    state.json   the process that serves, its port and its run
    run-XXXX/    what one `up` started: the folder as the container would have it, the log, and
                 the process that was let go
    app          the code of the run that serves (a link)

An `up` that is killed, at whatever moment, leaves at most one more run; the next `up` or `delete`
ends and removes every run but the one in `state.json`.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import psutil
import typer

from deploy.errors import DeployError, NotFound, UsageError
from deploy.plan import Plan
from deploy.servers.azmlinfsrv import POLL_SECONDS, STOP_SECONDS, ServerFailed, port_is_free
from deploy.service import Service
from deploy.staging.files import Bundle
from deploy.staging.layouts import lay_out
from deploy.targets.base import Facts, Target

FOLDER = Path("build/deploy/local")


@dataclass(frozen=True)
class LocalOptions:
    """What only a service on this machine needs to be told."""

    public: Annotated[
        bool,
        typer.Option(
            "--public", help="Let other machines score too; Azure's server asks for no key."
        ),
    ] = False


class Local(Target):
    """Azure's own server as a process of this machine."""

    name = "local"
    here = True
    options_type = LocalOptions
    facts = Facts(
        what_it_is="Azure's own server as a process here",
        when="while you change the code",
        cost_drivers="none",
        authentication="none; only this machine reaches it, without `--public`",
        limits="this machine",
    )

    def preview(self, plan: Plan, bundle: Bundle | None) -> dict[str, Any]:
        """Return what would be started."""
        return {
            "action": "replace" if _state(plan.name) else "create",
            "folder": str(FOLDER / plan.name),
            "layout": plan.layout.value,
            "files": _bundle(bundle).sizes(),
            "models": {model.name: str(model.path) for model in plan.models},
            "port": plan.port or "a free one",
        }

    def up(self, plan: Plan, bundle: Bundle | None) -> Service:
        """Start the service; one of the same name goes when the new one answers."""
        with _alone(plan.name):
            present = _state(plan.name)
            running = present is not None and _process(present) is not None
            port = plan.port or (int(present["port"]) if present else 0)
            beside = bool(running and present and present["port"] == port)
            if port and not beside and not port_is_free(port):
                goes_on = f" {plan.name} goes on as it is." if running else ""
                raise UsageError(f"Port {port} is taken: choose another --port.{goes_on}")
            _end_other_runs(plan.name, present)
            self._start(plan, _bundle(bundle), port, beside)
            return self.status(plan.name)

    def _start(self, plan: Plan, bundle: Bundle, port: int, beside: bool) -> None:
        folder = FOLDER / plan.name
        folder.mkdir(parents=True, exist_ok=True)
        run = Path(tempfile.mkdtemp(prefix="run-", dir=folder))
        try:
            staged = lay_out(run / "app", plan.inference, bundle, plan.models, plan.layout)
            self.say(f"Starting {plan.inference.entry} in the layout of {plan.layout.value}")
            server = staged.server(
                port=port,
                log_file=run / "service.log",
                public=self.options.public,
                beside=beside,
            )
            server.__enter__()
        except BaseException as error:
            shutil.rmtree(run)
            if not isinstance(error, ServerFailed):
                raise
            left = f"The {plan.name} from before goes on." if beside else "Nothing is left running."
            raise DeployError(f"{error} {left}", error.log) from None
        state = {
            "pid": server.pid,
            "started": psutil.Process(server.pid).create_time(),
            "port": server.port,
            "layout": plan.layout.value,
            "run": run.name,
        }
        # Until it is let go the server ends with this process; from then on a file names it.
        _write(run / "process.json", state)
        server.detach()
        _write(folder / "state.json", state)
        if beside:
            self.say(f"Stopping the {plan.name} from before")
        _end_other_runs(plan.name, state)
        _link(folder / "app", Path(run.name) / "app")

    def status(self, name: str) -> Service:
        """Return the service, running or not."""
        state = _existing(name)
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
        state = _existing(name)
        path = FOLDER / name / state.get("run", "") / "service.log"
        with path.open(encoding="utf-8", errors="replace") as log:
            yield log.read()
            while follow and _process(state):
                yield log.read()
                time.sleep(POLL_SECONDS)
            yield log.read()

    def keys(self, name: str, *, regenerate: str = "") -> dict[str, str]:
        """Return nothing: Azure's server itself knows no keys."""
        _existing(name)
        if regenerate:
            raise UsageError("A local service has no keys: whoever is on this machine can score.")
        return {}

    def delete(self, name: str) -> None:
        """Stop the service and remove its folder."""
        with _alone(name):
            _existing(name)
            _end_other_runs(name, None)
            shutil.rmtree(FOLDER / name)

    def services(self) -> list[Service]:
        """Return all local services."""
        names = [path.parent.name for path in sorted(FOLDER.glob("*/state.json"))]
        return [self.status(name) for name in names if _state(name)]


def _bundle(bundle: Bundle | None) -> Bundle:
    if bundle is None:
        raise UsageError("This target needs an entry script: leave out --no-code.")
    return bundle


@contextmanager
def _alone(name: str) -> Iterator[None]:
    """Keep a second command from changing the same service; the lock ends with the process.

    Raises:
        DeployError: one does already.
    """
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / f"{name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DeployError(
                f"Another command changes {name} right now: wait for its end."
            ) from None
        yield


def _state(name: str) -> dict[str, Any] | None:
    return _read(FOLDER / name / "state.json")


def _existing(name: str) -> dict[str, Any]:
    state = _state(name)
    if state is None:
        there = ", ".join(sorted(p.parent.name for p in FOLDER.glob("*/state.json"))) or "none"
        raise NotFound(f"No local service {name}. Found: {there}.")
    return state


def _read(path: Path) -> dict[str, Any] | None:
    """Return a state; None where there is none that can be read: a full disk leaves half a file."""
    with suppress(OSError, ValueError):
        state: dict[str, Any] = json.loads(path.read_text())
        return state if {"pid", "started", "port", "layout"} <= state.keys() else None
    return None


def _write(path: Path, state: dict[str, Any]) -> None:
    """Write a file whole or not at all."""
    part = path.with_suffix(".part")
    part.write_text(json.dumps(state))
    part.replace(path)


def _link(path: Path, to: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    part.symlink_to(to)
    part.replace(path)


def _end_other_runs(name: str, keep: dict[str, Any] | None) -> None:
    """End and remove every run of a service but the one to keep."""
    folder = FOLDER / name
    current = _state(name)
    # Services of the release before have no run: their state is all there is.
    if current is not None and "run" not in current and current != keep:
        _end(current)
    for run in folder.glob("run-*"):
        if keep is not None and run.name == keep.get("run"):
            continue
        state = _read(run / "process.json")
        if state is not None:
            _end(state)
        shutil.rmtree(run)


def _end(state: dict[str, Any]) -> None:
    """End a server and its workers: it leads a process group of its own."""
    process = _process(state)
    if process is None:
        return
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    psutil.wait_procs([process], timeout=STOP_SECONDS)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _process(state: dict[str, Any]) -> psutil.Process | None:
    """Return the service's process; None when it ended, even if its number is in use again."""
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(state["pid"])
        if process.create_time() == state["started"] and process.status() != psutil.STATUS_ZOMBIE:
            return process
    return None
