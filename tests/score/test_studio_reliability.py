"""The Studio door under a thousand scripts, good and bad: nothing is lost, nothing is left."""

from __future__ import annotations

import os
import shutil
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest
import tenacity

from deploy.servers.azmlinfsrv import Server
from tests.score.studio_client import action, post, refused

ROOT = Path(__file__).resolve().parents[2]
REQUESTS, AT_ONCE, WORKERS = 1000, 8, 4

#: What a bad script is answered; the rest of the thousand are good.
BAD = {
    "divide": (400, "ModuleExecutionError"),
    "exit": (400, "ModuleExecutionError"),
    "exit hard": (400, "ModuleExecutionError"),
    "leave": (200, ""),
    "eat": (413, "MemoryQuotaViolation"),
    "loop": (408, "RequestTimeout"),
}

#: Of a thousand. Each endless one takes its limit, 2 s.
SHARES = {"divide": 100, "exit": 60, "exit hard": 40, "leave": 20, "eat": 20, "loop": 4}


@dataclass(frozen=True)
class Running:
    """A server with what is its own on this machine."""

    server: Server
    temporary: Path

    def processes(self) -> list[psutil.Process]:
        """Return every process below the server."""
        return psutil.Process(self.server.pid).children(recursive=True)

    def held(self) -> dict[str, Any]:
        """Return what must not change: processes and temporary folders."""
        processes = self.processes()
        return {
            "processes": sorted(process.pid for process in processes),
            "folders": sorted(str(path) for path in self.temporary.rglob("*")),
        }

    def handles(self) -> int:
        """Return how many files and sockets these processes hold open."""
        return sum(process.num_fds() for process in self.processes())

    def memory(self) -> int:
        """Return the bytes that these processes hold."""
        return sum(process.memory_info().rss for process in self.processes())


def serve(tmp_path: Path, limits: str, workers: int) -> Iterator[Running]:
    folder, temporary = tmp_path / "model", tmp_path / "temporary"
    temporary.mkdir(parents=True)
    folder.mkdir()
    shutil.copy(ROOT / "tests" / "data" / "studio" / "actions" / "script.py", folder)
    (folder / "studio.yml").write_text(f"limits: {{memory_bytes: 300000000, {limits}}}")
    environ = {"TMPDIR": str(temporary)}
    entry = ROOT / "score" / "studio.py"
    with Server(entry, folder, workers=workers, environ=environ) as server:
        running = Running(server, temporary)
        yield running
        pids = [process.pid for process in running.processes()]
    # gunicorn's own folder goes with it; the warm processes hear of the end by their socket.
    wait_until(lambda: not any(map(psutil.pid_exists, pids)))
    assert list(temporary.glob("studio-*")) == []


@tenacity.retry(
    stop=tenacity.stop_after_delay(30),
    wait=tenacity.wait_fixed(0.05),
    retry=tenacity.retry_if_result(lambda done: not done),
)
def wait_until(done: Callable[[], bool]) -> bool:
    return done()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Four workers."""
    yield from serve(tmp_path_factory.mktemp("many"), "seconds: 2, queue_seconds: 60", WORKERS)


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Two workers, one place."""
    limits = "seconds: 2, queue_seconds: 0.2, running: 1"
    yield from serve(tmp_path_factory.mktemp("narrow"), limits, 2)


def mixed() -> list[str]:
    """Return what the thousand do, bad ones spread evenly among the good."""
    names = ["echo"] * REQUESTS
    for name, count in SHARES.items():
        for i in range(count):
            place = (i * REQUESTS // count + len(name) * 37) % REQUESTS
            while names[place] != "echo":
                place = (place + 1) % REQUESTS
            names[place] = name
    return names


def wrong(server: Server, number: int, name: str) -> str:
    """Send one request; return what is wrong with its answer."""
    answer = post(server, action(name, number=str(number)))
    if name == "echo":
        good = answer.status_code == 200
        values = answer.json()["Results"]["output1"]["value"]["Values"] if good else None
        return "" if values == [[str(number)]] else f"{number}: {answer.text}"
    got = (200, "") if answer.status_code == 200 else refused(answer)[:2]
    return "" if got == BAD[name] else f"{number}, {name}: {answer.text}"


@pytest.mark.parametrize("at_once", [1, AT_ONCE])
def test_a_thousand_scripts(running: Running, at_once: int) -> None:
    """Every good one right, every bad one its code; as many of everything after as before."""
    names = mixed()
    assert Counter(names) == Counter({**SHARES, "echo": REQUESTS - sum(SHARES.values())})
    with ThreadPoolExecutor(at_once) as pool:
        first = list(pool.map(wrong, [running.server] * 100, range(100), ["echo"] * 100))
        wait_until(lambda: not list(running.temporary.glob("*/[0-9]*")))
        held, handles, memory = running.held(), running.handles(), running.memory()
        found = list(pool.map(wrong, [running.server] * REQUESTS, range(REQUESTS), names))
    assert [text for text in (*first, *found) if text] == []
    assert running.held() == held
    # A worker closes its last connection a moment after it has answered.
    wait_until(lambda: running.handles() <= handles)
    # Each of the workers and warm processes may have grown by a page table, not by a request.
    assert running.memory() - memory < 10_000_000


def test_a_full_house_is_told(narrow: Running) -> None:
    """503 with Retry-After while all places are taken, by whichever worker; 200 afterwards."""
    answers = []
    with ThreadPoolExecutor(1) as pool:
        endless = pool.submit(post, narrow.server, action("loop"))
        while not endless.done():
            answers.append(post(narrow.server, action("echo", a="1")))
    busy = [answer for answer in answers if answer.status_code == 503]
    assert busy
    assert refused(busy[0])[1] == "NoMoreResources"
    assert busy[0].headers["Retry-After"] == "1"
    assert endless.result().status_code == 408
    assert post(narrow.server, action("echo", a="1")).status_code == 200


def test_a_lost_parent_is_replaced(narrow: Running) -> None:
    """The warm process may be killed, for memory say: the next request starts another."""
    warm = [p for p in narrow.processes() if "studio_runtime.start" in " ".join(p.cmdline())]
    # A process that is forked from must have one thread.
    assert [process.num_threads() for process in warm] == [1, 1]
    for process in warm:
        os.kill(process.pid, signal.SIGKILL)
    statuses = {post(narrow.server, action("echo", a="1")).status_code for _ in range(6)}
    assert statuses == {200}


def test_a_lost_worker_leaves_nothing(narrow: Running) -> None:
    """Its warm process hears of it, removes its folder and ends."""
    workers = psutil.Process(narrow.server.pid).children()
    for worker in workers:
        for child in worker.children():
            assert child.is_running()
        os.kill(worker.pid, signal.SIGKILL)
    wait_until(lambda: len(list(narrow.temporary.glob("studio-*"))) <= 2)
    wait_until(lambda: post_quietly(narrow.server) == 200)


def post_quietly(server: Server) -> int:
    """Return the status; 0 while no worker listens."""
    try:
        return post(server, action("echo", a="1")).status_code
    except OSError:
        return 0
