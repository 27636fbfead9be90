"""The warm parent: it has imported what the script imports, and forks a child per request.

It has one thread, as forking wants it, and no connection but one socket to the server's worker.
When that closes, because the worker ended, it removes its folder and ends.
"""

from __future__ import annotations

import ast
import contextlib
import gc
import importlib
import importlib.util
import json
import math
import os
import pickle
import selectors
import shutil
import signal
import socket
import sys
import time
import traceback
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd
from scoring.outputs.encoding import encode

from studio_runtime import isolation, results, script
from studio_runtime.child import Place, work
from studio_runtime.config import Limits
from studio_runtime.job import DONE, GIVE_UP, Report

#: What matplotlib and pandas import at the first picture only; a second for each request.
LAZY = {
    "matplotlib": ("matplotlib.pyplot", "matplotlib.backends.backend_agg"),
    "pandas": ("pandas.plotting._matplotlib",),
}

CHUNK = 1 << 16

#: What joblib's processes, which scikit-learn starts for `n_jobs=2`, leave when they are ended.
SHARED, SEMAPHORES = Path("/dev/shm"), "sem.loky-{pid}-*"  # noqa: S108 - Linux' place for them


class WorkerGone(Exception):
    """The server's worker has ended."""


def serve(setup: dict[str, Any], network: str) -> None:
    """Warm up, tell the worker, and fork until it is gone.

    Args:
        setup: what `runner` has written.
        network: why the network is not cut; empty when it is.
    """
    with socket.socket(fileno=setup["control"]) as control:
        root = Path(setup["root"])
        try:
            place = _warmed(setup, root)
            control.sendall(json.dumps({"network": network}).encode() + b"\n")
            _answer(place, root, control)
        except (WorkerGone, OSError):
            isolation.end_strays()
        finally:
            _remove(root)


def _warmed(setup: dict[str, Any], root: Path) -> Place:
    isolation.adopt_orphans()
    file, unpacked = Path(setup["file"]), root / "bundle"
    code = script.compile_script(file)
    warm(file, unpacked)
    rehearse()
    gc.collect()
    gc.freeze()
    limits = Limits.model_validate(setup["limits"])
    bundle = unpacked if unpacked.is_dir() else None
    return Place(code, str(file), bundle, limits, isolation.address_space())


def _answer(place: Place, root: Path, control: socket.socket) -> None:
    """Do one job after the other; each message brings three files: job, result, report."""
    number = 0
    while True:
        message, files, _, _ = socket.recv_fds(control, 1, 3)
        if not message:
            return
        if message == GIVE_UP:
            continue  # it came when that job was done already
        job, result, report = files
        number += 1
        folder = root / str(number)
        try:
            written = _run(place, folder, job, result, control)
        finally:
            isolation.end_strays()
            _remove(folder)
        os.write(report, json.dumps(asdict(written)).encode())
        for descriptor in files:
            os.close(descriptor)
        control.sendall(DONE)


def warm(file: Path, bundle: Path) -> None:
    """Import what the script and its bundle import of what is installed.

    What fails is left for the script, which may expect it to.
    """
    own = {path.stem for path in [*bundle.glob("*.py"), *bundle.glob("*")]}
    for name in sorted({n for path in [file, *bundle.rglob("*.py")] for n in imported(path)}):
        if name.partition(".")[0] in own:
            continue
        with contextlib.suppress(Exception, SystemExit):
            importlib.import_module(name)
    if importlib.util.find_spec("matplotlib") and "matplotlib" in sys.modules:
        for name in [*LAZY["matplotlib"], *(LAZY["pandas"] if "pandas" in sys.modules else ())]:
            with contextlib.suppress(Exception):
                importlib.import_module(name)


def rehearse() -> None:
    """Do once what every request does, for what pandas and numpy put off until then."""
    frame = pd.DataFrame({"a": ["x", None], "b": [1, 2], "c": [0.5, math.nan]})
    frame = pickle.loads(pickle.dumps(frame))  # noqa: S301 - our own, of this line
    encode(results.to_table(frame).as_table(details=True))


def imported(file: Path) -> Iterator[str]:
    """Yield the modules that a Python file imports, and what may be modules in them."""
    try:
        tree = ast.parse(file.read_bytes())
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _run(place: Place, folder: Path, job: int, result: int, control: socket.socket) -> Report:
    """Fork, wait, and end the child when its time is over."""
    folder.mkdir(mode=0o700)
    outputs = [os.pipe(), os.pipe()]
    deadline = time.monotonic() + place.limits.seconds
    pid = os.fork()
    if pid == 0:
        _child(place, folder, job, result, control, [write for _, write in outputs])
    for _, write in outputs:
        os.close(write)
    console = {read: bytearray() for read, _ in outputs}
    ended = os.pidfd_open(pid)
    try:
        late = _watch(ended, console, control, deadline, place.limits.output_bytes)
    finally:
        os.close(ended)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        # With them the last writers of the pipes are gone.
        isolation.end_strays()
        for path in SHARED.glob(SEMAPHORES.format(pid=pid)):
            path.unlink(missing_ok=True)
        for read in console:
            _drain(read, console[read], place.limits.output_bytes)
            os.close(read)
    texts = [_text(content, place.limits.output_bytes) for content in console.values()]
    return Report(late, os.waitstatus_to_exitcode(status), *texts)


def _watch(
    ended: int,
    console: dict[int, bytearray],
    control: socket.socket,
    deadline: float,
    most: int,
) -> bool:
    """Read what the child prints until it ends; tell whether its time was over first."""
    with selectors.DefaultSelector() as selector:
        for descriptor in (ended, control.fileno(), *console):
            selector.register(descriptor, selectors.EVENT_READ)
        while (left := deadline - time.monotonic()) > 0:
            for key, _ in selector.select(left):
                if key.fd == ended:
                    return False
                if key.fd == control.fileno():
                    # Before the answer nothing is sent but that nobody waits for it any more.
                    if control.recv(1) != GIVE_UP:
                        raise WorkerGone
                    return True
                if not _take(key.fd, console[key.fd], most):
                    selector.unregister(key.fd)
    return True


def _take(descriptor: int, content: bytearray, most: int) -> bool:
    """Read once; what is beyond `most` bytes is read and forgotten."""
    chunk = os.read(descriptor, CHUNK)
    # One more than is kept, to tell that something was cut.
    content += chunk[: max(0, most + 1 - len(content))]
    return bool(chunk)


def _drain(descriptor: int, content: bytearray, most: int) -> None:
    while _take(descriptor, content, most):
        pass


def _text(content: bytearray, most: int) -> str:
    text = content[:most].decode("utf-8", errors="replace")
    return f"{text}\n... cut after {most} bytes" if len(content) > most else text


def _child(
    place: Place, folder: Path, job: int, result: int, control: socket.socket, outputs: list[int]
) -> None:
    """Become the process of the script; never return."""
    code = 1
    try:
        isolation.die_with_parent()
        os.setsid()
        control.close()
        null = os.open(os.devnull, os.O_RDONLY)
        for descriptor, target in ((null, 0), (outputs[0], 1), (outputs[1], 2)):
            os.dup2(descriptor, target)
        keep = {0, 1, 2, job, result}
        for descriptor in [int(path.name) for path in Path("/proc/self/fd").iterdir()]:
            if descriptor not in keep:
                with contextlib.suppress(OSError):
                    os.close(descriptor)
        work(place, folder, job, result)
        code = 0
    except BaseException:  # noqa: BLE001 - a child must not go on as its parent
        traceback.print_exc()
    finally:
        os._exit(code)


def _remove(folder: Path) -> None:
    """Remove a folder, whatever its modes are."""
    for parent, names, _ in os.walk(folder):
        for name in names:
            path = Path(parent, name)
            if not path.is_symlink():
                with contextlib.suppress(OSError):
                    path.chmod(0o700)
    shutil.rmtree(folder, ignore_errors=True)
