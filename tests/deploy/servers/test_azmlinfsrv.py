"""azmlinfsrv as a subprocess: it starts, says why it does not, and stops whole."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
import tenacity

from deploy.servers.azmlinfsrv import EVERY_INTERFACE, Server, ServerFailed, free_port, port_is_free

ENTRIES = Path(__file__).resolve().parents[2] / "data" / "entries"


def failure(entry: Path, model_dir: Path | None, port: int = 0) -> ServerFailed:
    with pytest.raises(ServerFailed) as caught, Server(entry, model_dir, port=port):
        pass
    return caught.value


def test_stops_every_process_it_started(root: Path, sample_model: Path) -> None:
    """Master and workers are gone after the context, and the port is free again."""
    with Server(root / "score" / "score.py", sample_model, workers=2) as server:
        master = psutil.Process(server.pid)
        processes = [master, *master.children(recursive=True)]
        assert len(processes) == 3
    assert not any(process.is_running() for process in processes)
    assert port_is_free(server.port)


def test_taken_port_is_named(root: Path, sample_model: Path) -> None:
    """A port somebody listens on is refused before anything starts."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        error = failure(root / "score" / "score.py", sample_model, port=port)
    assert str(error) == f"Port {port} is taken by another program: choose another."


STARTED_AND_KILLED = """
import os, signal, sys
from pathlib import Path
from deploy.servers.azmlinfsrv import Server

entry, model, when = sys.argv[1:]
server = Server(Path(entry), Path(model))
if when == "starting":
    def killed(url):
        print(server.pid, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)

    server._wait_until_healthy = killed
server.__enter__()
print(server.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("when", ["starting", "running"])
def test_the_server_ends_with_its_starter(root: Path, sample_model: Path, when: str) -> None:
    """A starter that is killed, at whatever moment, leaves no process and no taken port."""
    arguments = [str(root / "score" / "score.py"), str(sample_model), when]
    started = subprocess.run(
        [sys.executable, "-c", STARTED_AND_KILLED, *arguments],
        cwd=root,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert started.returncode == -signal.SIGKILL
    group = int(started.stdout)
    for attempt in tenacity.Retrying(
        stop=tenacity.stop_after_delay(60), wait=tenacity.wait_fixed(0.1), reraise=True
    ):
        with attempt:
            assert members(group) == []


def members(group: int) -> list[int]:
    """Return the living processes of a process group."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, ProcessLookupError):
            alive = process.status() != psutil.STATUS_ZOMBIE
            if alive and os.getpgid(process.pid) == group:
                found.append(process.pid)
    return found


@pytest.mark.parametrize(("public", "address"), [(False, "127.0.0.1"), (True, EVERY_INTERFACE)])
def test_only_this_machine_can_score(
    root: Path, sample_model: Path, public: bool, address: str
) -> None:
    """Azmlinfsrv itself listens everywhere without a key; here only where it is asked for."""
    with Server(root / "score" / "score.py", sample_model, public=public) as server:
        listening = psutil.Process(server.pid).connections()
    assert [connection.laddr.ip for connection in listening] == [address]


def test_no_proxy_is_asked_about_this_machine(
    root: Path, sample_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With an HTTP_PROXY that leads nowhere the server still is found to be up."""
    for name in ("HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    with Server(root / "score" / "score.py", sample_model) as server:
        assert psutil.pid_exists(server.pid)


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        (
            "init_fails",
            "init() of init_fails.py failed with RuntimeError: the licence server said no",
        ),
        ("typo", "loading of typo.py failed with ModuleNotFoundError: No module named 'numpyy'"),
        ("no_run", "does not have a run() function defined"),
    ],
)
def test_script_failure_is_one_sentence(entry: str, sentence: str) -> None:
    """What the script raised is said without a traceback; the log keeps it."""
    error = failure(ENTRIES / f"{entry}.py", None)
    assert sentence in str(error)
    assert "Traceback" not in str(error)
    assert "Traceback" in error.log


def test_missing_model_shows_the_tree(root: Path, tmp_path: Path) -> None:
    """A folder without a model is shown as a tree, with the variable to set."""
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "readme.txt").write_text("no model here")
    message = str(failure(root / "score" / "score.py", tmp_path))
    assert "init() of score.py failed with ModelNotFound" in message
    assert "AZUREML_MODEL_DIR" in message
    assert "    notes/\n        readme.txt" in message


def test_log_survives_the_server(root: Path, sample_model: Path) -> None:
    """What the server printed can be read while it runs and after it stopped."""
    with Server(root / "score" / "score.py", sample_model) as server:
        running = server.log()
    assert "ready for serving traffic" in running
    assert server.log().startswith(running)
