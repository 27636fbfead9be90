"""The processes of the host, over real sockets: health, ends, restarts."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
import requests

from deploy.servers.azmlinfsrv import Server, ServerFailed
from tests.contract.exchange import connect, exchange, read, request_bytes

ENTRIES = Path(__file__).resolve().parents[1] / "data" / "entries"
RAW, PLAIN = ENTRIES / "hosts" / "raw.py", ENTRIES / "hosts" / "undecorated.py"

#: Connections that score all the time while something happens to the processes.
CLIENTS = 4


def serve(entry: Path, *, workers: int = 1, **environ: str) -> Server:
    return Server(entry, None, host="fast", workers=workers, environ=environ)


def workers_of(server: Server) -> list[psutil.Process]:
    """Return the workers; only they have several threads."""
    return [each for each in psutil.Process(server.pid).children() if each.num_threads() > 1]


@contextmanager
def load(server: Server, *, new_connections: bool) -> Iterator[list[object]]:
    """Score all the time; yield a list of what was no 200, filled at the end.

    The first entry is how many were.
    """
    ended, started = threading.Event(), threading.Barrier(CLIENTS + 1)
    outcome: list[object] = []

    headers = {"Connection": "close"} if new_connections else {}

    def client() -> tuple[int, list[object]]:
        good = 0
        bad: list[object] = []
        with requests.Session() as session:
            session.post(server.score_url, b'{"do": "echo"}').raise_for_status()
            started.wait(60)
            while not ended.is_set():
                try:
                    answer = session.post(server.score_url, b'{"do": "echo"}', headers=headers)
                except requests.ConnectionError as error:
                    bad.append(error)
                    continue
                good += answer.ok
                bad += [] if answer.ok else [answer.status_code]
        return good, bad

    with ThreadPoolExecutor(CLIENTS) as pool:
        clients = [pool.submit(client) for _ in range(CLIENTS)]
        started.wait(60)
        try:
            yield outcome
        finally:
            ended.set()
        results = [each.result() for each in clients]
    outcome.append(sum(good for good, _ in results))
    outcome.extend(error for _, bad in results for error in bad)


def test_health_is_answered_while_c_code_holds_pythons_lock() -> None:
    """The probe's answer is there before the one that was asked for earlier and takes seconds."""
    with serve(RAW) as server, connect(server) as busy:
        busy.sendall(request_bytes("GET", "/score?do=hold&microseconds=3000000"))
        # Asked again and again: some of it while the lock is held, whichever moment that is.
        for _ in range(50):
            probe = exchange(server, request_bytes("GET", "/"))
            assert probe is not None
            assert probe.body == b"Healthy"
        busy.setblocking(False)
        with pytest.raises(BlockingIOError):
            busy.recv(1)
        busy.settimeout(20)
        answer = read(busy)
        assert answer is not None
        assert answer.content == {"held": True}


def test_no_probe_is_answered_before_a_worker_is_ready(tmp_path: Path) -> None:
    """While init() runs nothing says Healthy."""
    flag = tmp_path / "go"
    os.mkfifo(flag)
    entry = tmp_path / "waits.py"
    entry.write_text(
        f"def init():\n    open({str(flag)!r}).read()\n\ndef run(raw_data):\n    return 1\n"
    )
    server = serve(entry)
    with ThreadPoolExecutor(1) as pool:
        starting = pool.submit(server.__enter__)
        # Opening returns when init() has opened the other end.
        with flag.open("w"), connect(server) as probe:
            probe.sendall(request_bytes("GET", "/"))
            probe.settimeout(0.5)
            with pytest.raises(TimeoutError):
                probe.recv(1)
        starting.result(60)
    server.stop()


def test_slow_clients_block_nobody() -> None:
    """Half-sent requests and silent connections do not keep another from its answer."""
    with serve(PLAIN) as server:
        slow = [connect(server) for _ in range(20)]
        try:
            for connection in slow[:10]:
                connection.sendall(b"POST /score HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{")
            answer = exchange(server, request_bytes("POST", "/score", b'{"do": "echo"}'))
            assert answer is not None
            assert answer.status == 200
        finally:
            for connection in slow:
                connection.close()


def test_a_failing_init_ends_the_host_with_azmlinfsrvs_code() -> None:
    """Exit code 3, the cause in the log."""
    server = serve(ENTRIES / "init_fails.py")
    with pytest.raises(ServerFailed, match="licence server") as failed, server:
        pass
    assert "Worker failed to boot" in failed.value.log
    command = [sys.executable, "-m", "host", "--entry_script", str(ENTRIES / "init_fails.py")]
    ended = subprocess.run([*command, "--port", str(server.port)], capture_output=True, check=False)
    assert ended.returncode == 3


@pytest.mark.parametrize("new_connections", [True, False])
def test_a_rolling_restart_loses_no_request(new_connections: bool) -> None:
    """SIGHUP under load: new workers, every request answered."""
    with serve(PLAIN, workers=2) as server:
        before = {worker.pid for worker in workers_of(server)}
        with load(server, new_connections=new_connections) as outcome:
            os.kill(server.pid, signal.SIGHUP)
            psutil.wait_procs([psutil.Process(pid) for pid in before], timeout=60)
        assert not before & {worker.pid for worker in workers_of(server)}
        good, *bad = outcome
        assert good
        assert bad == []


def test_a_killed_worker_takes_only_its_own_requests() -> None:
    """At most what it was answering and reading is lost; another takes its place."""
    with serve(PLAIN, workers=2) as server:
        victim = workers_of(server)[0]
        with load(server, new_connections=True) as outcome:
            victim.kill()
            victim.wait(60)
            answer = exchange(server, request_bytes("POST", "/score", b'{"do": "echo"}'))
        assert answer is not None
        good, *bad = outcome
        assert good
        assert len(bad) <= CLIENTS


def test_sigterm_answers_what_has_come() -> None:
    """Requests that run, wait for run() or wait in the kernel are answered; then all is gone."""
    with serve(PLAIN) as server:
        tree = psutil.Process(server.pid).children(recursive=True)
        waiting = [connect(server) for _ in range(8)]
        body = b'{"do": "sleep", "seconds": 0.1}'
        for connection in waiting:
            connection.sendall(request_bytes("POST", "/score", body))
        os.kill(server.pid, signal.SIGTERM)
        answers = [read(connection) for connection in waiting]
        for connection in waiting:
            connection.close()
        assert [answer and answer.status for answer in answers] == [200] * 8
        gone, alive = psutil.wait_procs(tree, timeout=30)
        assert (len(gone), alive) == (len(tree), [])
