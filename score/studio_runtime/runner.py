"""The worker's side: a warm process is kept, and given one job after the other."""

from __future__ import annotations

import json
import os
import pickle
import shutil
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from scoring.errors import ModelBroken
from scoring.signals import raised_by_signal

from studio_runtime import bundle
from studio_runtime.config import Config
from studio_runtime.job import DONE, GIVE_UP, JOB, Header, Job, Report, read_report, unpack
from studio_runtime.script import Files
from studio_runtime.turns import Turns

#: Importing pandas, matplotlib and scikit-learn takes 3 s on a quick machine.
WARM_UP_SECONDS = 120

#: Beyond the script's own limit: to be ended, its folder removed, its answer read.
GRACE_SECONDS = 30

#: One thread each: a process with more is not safe to fork, and requests run side by side. The
#: last is pyarrow's allocator, which pandas loads where it is installed.
SINGLE = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}


class Lost(Exception):
    """The warm process has ended, or answers no more."""


@dataclass(frozen=True)
class Outcome:
    """What became of a job.

    Attributes:
        header: what the script's process wrote; None when it ended without.
        outputs: the JSON text of the outputs.
        report: how the process ended.
    """

    header: Header | None
    outputs: bytes
    report: Report


class Runner:
    """Runs jobs of one script, one at a time.

    Args:
        files: the script and its bundle.
        config: limits.
    """

    def __init__(self, files: Files, config: Config) -> None:
        self.files = files
        self.limits = config.limits
        #: Why the network is not cut; empty when it is.
        self.network = ""
        self._owner = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._root = Path()
        self._awaited = False
        # The server's workers have one parent.
        status = files.script.stat()
        service = f"{os.getppid()}-{status.st_dev}-{status.st_ino}"
        self._turns = Turns(service, self.limits.running, self.limits.queue_seconds)

    def run(self, job: Job) -> Outcome:
        """Run a job and return what became of it.

        Raises:
            Busy: the service has too much to do.
            Lost: the warm process failed twice in a row.
            ModelBroken: the warm process cannot be started.
        """
        with self._turns.turn():
            content = pickle.dumps(job, protocol=pickle.HIGHEST_PROTOCOL)
            try:
                return self._ask(content)
            except BaseException as error:
                if not isinstance(error, Lost | OSError) or raised_by_signal(error):
                    # The server's alarm: the answer of this job must not become the next one's.
                    self._give_up()
                    raise
            # Ended by somebody else, for its memory say: once more, with a new one.
            self.close()
            return self._ask(content)

    def first(self, job: Job) -> Outcome:
        """Run a job at the start of the service, when nobody waits for a turn yet.

        Raises:
            Lost, ModelBroken: as `run`.
        """
        return self._ask(pickle.dumps(job))

    def start(self) -> None:
        """Start the warm process.

        Raises:
            ModelBroken: the bundle is refused, or the process does not start.
        """
        self._root = Path(tempfile.mkdtemp(prefix="studio-"))
        if self.files.bundle.is_file():
            try:
                bundle.unpack(self.files.bundle, self._root / "bundle", self.limits)
            except BaseException:
                shutil.rmtree(self._root)
                raise
        self._owner = os.getpid()
        self._control, other = socket.socketpair()
        setup = {
            "control": other.fileno(),
            "root": str(self._root),
            "file": str(self.files.script.absolute()),
            "limits": self.limits.model_dump(),
        }
        # As this one finds modules: the server appends to its path, and may have no site.
        environ = {
            **os.environ,
            **SINGLE,
            "PYTHONPATH": os.pathsep.join(str(Path(path).absolute()) for path in sys.path),
            "MPLBACKEND": "Agg",
            "TMPDIR": str(self._root),
        }
        flags = ["-S"] if sys.flags.no_site else []
        with other:
            self._process = subprocess.Popen(
                [sys.executable, *flags, "-m", "studio_runtime.start", json.dumps(setup)],
                env=environ,
                cwd="/",
                pass_fds=[other.fileno()],
                start_new_session=True,
                stdin=subprocess.DEVNULL,
            )
        self._control.settimeout(WARM_UP_SECONDS)
        try:
            self.network = json.loads(self._line())["network"]
        except (Lost, OSError):
            self.close()
            raise ModelBroken("The process for the script did not start; see above.") from None

    def close(self) -> None:
        """End the warm process and remove what it left."""
        if self._process is None or self._control is None:
            return
        self._control.close()
        if self._owner == os.getpid():
            try:
                self._process.wait(timeout=GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            shutil.rmtree(self._root, ignore_errors=True)
        self._process = self._control = None
        self._awaited = False

    def _ask(self, content: bytes) -> Outcome:
        if self._owner != os.getpid():
            # Forked since, by a server that loads the script before its workers.
            self.close()
        if self._control is None:
            self.start()
        control = self._connected()
        files = [os.memfd_create(name) for name in ("job", "result", "report")]
        try:
            _write(files[0], content)
            control.settimeout(self.limits.seconds + GRACE_SECONDS)
            self._settle(control)
            self._awaited = True
            socket.send_fds(control, [JOB], files)
            self._settle(control)
            _, result, report = map(_read, files)
        finally:
            for descriptor in files:
                os.close(descriptor)
        header, outputs = unpack(result) or (None, b"")
        return Outcome(header, outputs, read_report(report))

    def _settle(self, control: socket.socket) -> None:
        """Wait until no job is under way: this one, or before it one that was given up."""
        if self._awaited and control.recv(1) != DONE:
            raise Lost
        self._awaited = False

    def _give_up(self) -> None:
        """Have the script of the job under way ended; its answer is thrown away by the next."""
        try:
            if self._awaited:
                self._connected().sendall(GIVE_UP)
        except (Lost, OSError):
            self.close()

    def _connected(self) -> socket.socket:
        if self._control is None:
            raise Lost
        return self._control

    def _line(self) -> bytes:
        line = b""
        while not line.endswith(b"\n"):
            chunk = self._connected().recv(1)
            if not chunk:
                raise Lost
            line += chunk
        return line


def _write(descriptor: int, content: bytes) -> None:
    with open(descriptor, "wb", closefd=False) as file:
        file.write(content)
    os.lseek(descriptor, 0, os.SEEK_SET)


def _read(descriptor: int) -> bytes:
    os.lseek(descriptor, 0, os.SEEK_SET)
    with open(descriptor, "rb", closefd=False) as file:
        return file.read()
