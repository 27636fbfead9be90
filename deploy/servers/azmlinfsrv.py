"""Azure's own server, azmlinfsrv, or the faster host, as a subprocess that starts and stops.

The same code starts the server for `make serve`, for the tests and for the benchmarks. It
runs in a process group of its own, so that stopping it leaves nothing behind, and it ends when
the process that started it does, even by SIGKILL. By itself azmlinfsrv listens on every interface
without a key; here it is handed a socket that is bound to this machine alone.
"""

from __future__ import annotations

import codecs
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import IO

import requests
import tenacity

from deploy.servers.log import explain
from deploy.servers.loopback import session

#: What serves, and the module that is started: both take the same flags.
HOSTS = {"azmlinfsrv": "azureml_inference_server_http", "fast": "host"}

#: Where the module `host` is found.
ROOT = Path(__file__).resolve().parents[2]

#: How often the server is asked whether it answers yet.
POLL_SECONDS = 0.05

#: gunicorn gives its workers 30 s to finish what they do after SIGTERM.
STOP_SECONDS = 35


LOOPBACK = "127.0.0.1"

#: azmlinfsrv's own default for its second address.
HEALTH_PORT = 5000

EVERY_INTERFACE = "0.0.0.0"  # noqa: S104 - only where --public asks for it

#: The text that runs in the server's process first.
LAUNCH = Path(__file__).with_name("launch.py")


class ServerFailed(Exception):
    """The server did not start; the message is one sentence for the operator.

    Attributes:
        log: everything the server printed.
    """

    def __init__(self, message: str, log: str = "") -> None:
        super().__init__(message)
        self.log = log


class Server:
    """A running server; use it as a context manager.

    Args:
        entry: the entry script.
        model_dir: what AZUREML_MODEL_DIR will be.
        port: 0 picks a free one.
        workers: gunicorn workers.
        app_root: what AML_APP_ROOT will be; the entry's folder, as Azure's online endpoints
            have it, when not given.
        environ: further environment variables.
        cwd: the working directory; this process's own when not given.
        log_file: where the server's log is kept; nowhere for long when not given.
        host: what serves, a key of `HOSTS`.
        python: the command that starts Python, for runs in another environment.
        inherited: the environment variables that `environ` is added to; this process's own when
            not given.
        public: listen on every interface, not on this machine alone.
        beside: the port is one's own already: listen on it beside the server that goes next.

    Raises:
        ServerFailed: from `__enter__`, when the service does not come up.
    """

    def __init__(
        self,
        entry: Path,
        model_dir: Path | None,
        *,
        port: int = 0,
        workers: int = 1,
        app_root: Path | None = None,
        environ: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        log_file: Path | None = None,
        host: str = "azmlinfsrv",
        python: tuple[str, ...] = (sys.executable,),
        start_seconds: float = 120,
        inherited: Mapping[str, str] | None = None,
        public: bool = False,
        beside: bool = False,
    ) -> None:
        self.entry = entry.resolve()
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.start_seconds = start_seconds
        self._python, self._module = python, HOSTS[host]
        self._arguments = ["--entry_script", str(self.entry), "--port", str(self.port)]
        self._arguments += ["--worker_count", str(workers)]
        self._host = EVERY_INTERFACE if public else LOOPBACK
        self._beside = beside
        self._environ = dict(os.environ if inherited is None else inherited)
        self._environ["AML_APP_ROOT"] = str((app_root or self.entry.parent).resolve())
        # v1 uploads the folder as it lies there, caches included: leave none.
        self._environ["PYTHONDONTWRITEBYTECODE"] = "1"
        self._environ["PYTHONUNBUFFERED"] = "1"
        if host == "fast":
            paths = [str(ROOT), *filter(None, [self._environ.get("PYTHONPATH")])]
            self._environ["PYTHONPATH"] = os.pathsep.join(paths)
        self._environ.pop("AZUREML_MODEL_DIR", None)
        if model_dir is not None:
            self._environ["AZUREML_MODEL_DIR"] = str(model_dir.resolve())
        self._environ.update(environ or {})
        self._cwd = cwd
        self._log_file = log_file
        self._process: subprocess.Popen[bytes] | None = None
        self._lifeline = -1
        self._log: IO[bytes] | None = None
        self._last_log = ""

    @property
    def score_url(self) -> str:
        """The address that scores."""
        return f"{self.url}/score"

    @property
    def pid(self) -> int:
        """The process at the top of the server's tree."""
        return self._running()[0].pid

    def log(self) -> str:
        """Return everything the server has printed so far."""
        if self._log is None:
            return self._last_log
        return _read(self._log, 0).decode("utf-8", "replace")

    def follow(self) -> Iterator[str]:
        """Yield what the server prints, from now on, until it ends."""
        process, log = self._running()
        decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        position = os.fstat(log.fileno()).st_size
        alive = True
        while alive:
            alive = process.poll() is None
            chunk = _read(log, position)
            position += len(chunk)
            if chunk:
                yield decoder.decode(chunk)
            elif alive:
                time.sleep(POLL_SECONDS)

    def _running(self) -> tuple[subprocess.Popen[bytes], IO[bytes]]:
        if self._process is None or self._log is None:
            raise RuntimeError("the server is not running: use it as a context manager")
        return self._process, self._log

    def __enter__(self) -> Server:
        """Start the server and wait until it answers."""
        if not self._beside and not port_is_free(self.port):
            raise ServerFailed(f"Port {self.port} is taken by another program: choose another.")
        # Kept open as long as the server lives.
        path = self._log_file
        self._log = path.open("a+b") if path else tempfile.TemporaryFile("a+b")
        with ExitStack() as stack:
            listeners = [stack.enter_context(bound(*address)) for address in self._addresses()]
            probe = listeners[-1].getsockname()[1]
            self._process = self._start(listeners)
        try:
            self._wait_until_healthy(f"http://{LOOPBACK}:{probe}/")
        except BaseException:
            self.stop()
            raise
        return self

    def _addresses(self) -> list[tuple[str, int]]:
        """Return where to listen; on the last one only this server answers."""
        found = [(self._host, self.port)]
        if self._environ.get("SEPERATE_HEALTH_ENDPOINT") == "true":
            found.append((self._host, int(self._environ.get("HEALTH_PORT", HEALTH_PORT))))
        return [*found, (LOOPBACK, 0)] if self._beside else found

    def _start(self, listeners: list[socket.socket]) -> subprocess.Popen[bytes]:
        """Start the process with these sockets; the other end of its lifeline is kept here."""
        reading, self._lifeline = os.pipe()
        handed = [listener.fileno() for listener in listeners]
        executable, *options = self._python
        command = [executable, "-c", LAUNCH.read_text(encoding="utf-8"), str(reading)]
        command += [",".join(map(str, handed)), *options, "-m", self._module, *self._arguments]
        try:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=self._log,
                stderr=subprocess.STDOUT,
                env=self._environ,
                cwd=self._cwd,
                pass_fds=(reading, *handed),
                start_new_session=True,
            )
        finally:
            os.close(reading)

    def _let_go(self) -> None:
        if self._lifeline >= 0:
            os.close(self._lifeline)
            self._lifeline = -1

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop the server and everything it started."""
        self.stop()

    def stop(self) -> None:
        """Stop the whole process group: politely, then not."""
        if self._log is None:
            return
        process, log = self._running()
        _signal_group(process, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)
        _signal_group(process, signal.SIGKILL)
        process.wait()
        self._let_go()
        self._last_log = self.log()
        log.close()
        self._log = None

    def detach(self) -> int:
        """Leave the server running after this program has ended; return its process number."""
        process, log = self._running()
        os.write(self._lifeline, b"!")
        self._let_go()
        log.close()
        self._log = self._process = None
        # Nobody waits for it any more, about which Popen would warn.
        process.returncode = 0
        return process.pid

    def _wait_until_healthy(self, url: str) -> None:
        waiting = tenacity.Retrying(
            stop=tenacity.stop_after_delay(self.start_seconds),
            wait=tenacity.wait_fixed(POLL_SECONDS),
            retry=tenacity.retry_if_result(lambda healthy: not healthy),
        )
        try:
            waiting(self._is_healthy, url)
        except tenacity.RetryError:
            message = f"{self.entry.name} was not ready in {self.start_seconds:g} s."
            raise ServerFailed(message, self.log()) from None

    def _is_healthy(self, url: str) -> bool:
        process, _ = self._running()
        if process.poll() is not None:
            log = self.log()
            raise ServerFailed(explain(log, self.entry), log)
        try:
            with session() as here:
                return here.get(url, timeout=self.start_seconds).ok
        except (requests.ConnectionError, requests.Timeout):
            return False


def _read(log: IO[bytes], position: int) -> bytes:
    # pread and fstat leave the offset alone, which the server's own writing shares.
    size = os.fstat(log.fileno()).st_size
    return os.pread(log.fileno(), size - position, position)


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def port_is_free(port: int) -> bool:
    """Tell whether a server can listen on this port on every interface, as azmlinfsrv does."""
    with socket.socket() as candidate:
        candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            candidate.bind((EVERY_INTERFACE, port))
        except OSError:
            return False
    return True


def bound(host: str, port: int) -> socket.socket:
    """Return a socket that is bound but does not listen yet; the next server may bind beside it."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        made.bind((host, port))
    except OSError as error:
        made.close()
        raise ServerFailed(f"Port {port} cannot be used: {error.strerror}.") from None
    return made


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as candidate:
        candidate.bind(("127.0.0.1", 0))
        port: int = candidate.getsockname()[1]
    return port


def check_paths(entry: Path, model_dir: Path) -> None:
    """Refuse what cannot work before the server is started.

    Raises:
        ServerFailed: the entry script or the model folder is not there.
    """
    if not entry.is_file():
        there = sorted(str(path) for path in entry.parent.glob("*.py"))
        raise ServerFailed(f"No entry script {entry}. Found: {', '.join(there) or 'none'}.")
    if not model_dir.exists():
        raise ServerFailed(
            f"No model folder {model_dir}. Set MODEL_DIR= (make) or --model-dir to the folder that "
            "holds the model."
        )
