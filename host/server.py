"""gunicorn's arbiter with our worker, and the front process beside it.

The arbiter keeps what Azure relies on: exit code 3 for a script that fails, preload, the timeout
of a worker that does not report, new workers for dead ones, SIGTERM, SIGHUP.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from contextlib import suppress
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from host.front import Front
from host.readiness import Readiness
from host.settings import HostSettings, InvalidSetting

#: The front gives away what it has and is gone; more than this means that it hangs.
FRONT_SECONDS = 5.0


class Application(BaseApplication):  # type: ignore[misc] # gunicorn has no types
    """What the arbiter is started with.

    Args:
        ports: all serve everything.
        settings: the host's own.
    """

    def __init__(self, ports: list[int], settings: HostSettings) -> None:
        self._ports = ports
        self.settings = settings
        self.readiness = Readiness()
        # Each message is one connection, whole, for one worker. Unlike datagrams', the queue is
        # not limited to ten.
        self.give, self.take = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        super().__init__()

    def load_config(self) -> None:
        """Set what azmlinfsrv sets, from the same variables."""
        from azureml_inference_server_http import constants as names

        host = names.DEFAULT_HOST
        preload = os.environ.get(names.ENV_WORKER_PRELOAD, names.DEFAULT_WORKER_PRELOAD)
        timeout = os.environ.get(names.ENV_WORKER_TIMEOUT, names.DEFAULT_WORKER_TIMEOUT_SECONDS)
        values = {
            "bind": [f"{host}:{port}" for port in self._ports],
            "workers": int(os.environ[names.ENV_WORKER_COUNT]),
            "worker_class": "host.worker.ScoringWorker",
            "timeout": int(timeout),
            "preload_app": preload.lower() == "true",
            "accesslog": "-",
            "errorlog": "/dev/null",
            # gunicorn's own remote control: a thread and a socket that nobody asked for.
            "control_socket_disable": True,
        }
        for name, value in values.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Return the Flask app, the script initialised."""
        from host.app import create

        return create()


class FrontedArbiter(Arbiter):  # type: ignore[misc] # gunicorn has no types
    """The arbiter that also keeps the front process alive."""

    front = 0

    def manage_workers(self) -> None:
        """Keep the number of workers, and one front."""
        if not self.front or not _running(self.front):
            self._spawn_front()
        super().manage_workers()

    def stop(self, graceful: bool = True) -> None:
        """Have the front give away what it has accepted before the workers finish."""
        if self.front:
            with suppress(ProcessLookupError, ChildProcessError):
                os.kill(self.front, signal.SIGTERM if graceful else signal.SIGKILL)
                deadline = time.monotonic() + FRONT_SECONDS
                while _running(self.front) and time.monotonic() < deadline:
                    time.sleep(0.01)
                os.kill(self.front, signal.SIGKILL)
            self.front = 0
        super().stop(graceful)

    def _spawn_front(self) -> None:
        pid = os.fork()
        if pid:
            self.front = pid
            return
        status = 0
        try:
            for number in self.SIGNALS:
                signal.signal(number, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the arbiter too
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            app = self.app
            Front(self.LISTENERS, app.give, app.readiness, app.settings, os.environ).run()
        except BaseException:
            self.log.exception("The front process failed")
            status = 1
        finally:
            # Nothing of the arbiter's may run at the end of its child.
            os._exit(status)


def _running(pid: int) -> bool:
    """Tell whether a child is running; one that has ended is laid to rest."""
    try:
        return os.waitpid(pid, os.WNOHANG) == (0, 0)
    except ChildProcessError:
        return False


def serve(ports: list[int]) -> None:
    """Serve on these ports until a signal ends it; the process ends with gunicorn's exit code."""
    try:
        settings = HostSettings.from_environ(os.environ)
    except InvalidSetting as error:
        sys.exit(str(error))
    FrontedArbiter(Application(ports, settings)).run()
