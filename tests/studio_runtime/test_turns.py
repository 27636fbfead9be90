"""Turns are shared by all processes of a service."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from studio_runtime.errors import Busy
from studio_runtime.turns import Turns

HOLD = """
import sys
from studio_runtime.turns import Turns
with Turns("test-turns", 1, 5).turn():
    print("mine", flush=True)
    sys.stdin.read()
"""


def test_another_process_has_the_place(root: Path) -> None:
    """Busy while it lives, free as soon as it is dead, however it died."""
    turns = Turns("test-turns", 1, 0.05)
    command = [sys.executable, "-c", HOLD]
    environ = {"PYTHONPATH": str(root / "score")}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environ, stdin=pipe, stdout=pipe) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"mine\n"
        with pytest.raises(Busy, match="1 requests"), turns.turn():
            pass
        other.kill()
    with turns.turn():
        pass


def test_threads_of_one_process_take_turns() -> None:
    """Two places, but one warm process: the second thread waits, and is told."""
    turns, refused = Turns("test-threads", 2, 0.05), []

    def ask() -> None:
        try:
            with turns.turn():
                pass
        except Busy as error:
            refused.append(error)

    with turns.turn():
        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()
    assert len(refused) == 1
