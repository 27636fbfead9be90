"""The command `score`, as a program: files in, files out, continued where it was cut."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from scoring_client import cli

from deploy.servers.azmlinfsrv import Server
from tests.clients import hostile
from tests.clients.hostile import HostileServer, status
from tests.clients.python.command import FEATURES, ROWS, score, write_rows

pytestmark = pytest.mark.usefixtures("quick")


@pytest.mark.parametrize("name", ["in.csv", "in.parquet", "in.json", "in.jsonl"])
def test_every_format(score_server: Server, name: str) -> None:
    """A table of each format gives the same rows with the model's predictions beside them."""
    write = {
        "in.csv": lambda: FEATURES.to_csv(name, index=False),
        "in.parquet": lambda: FEATURES.to_parquet(name),
        "in.json": lambda: FEATURES.to_json(name, orient="records", double_precision=15),
        "in.jsonl": lambda: FEATURES.to_json(
            name, orient="records", lines=True, double_precision=15
        ),
    }
    write[name]()
    assert score("--uri", score_server.score_url, "--in", name, "--chunk", "100") == 0
    out = pd.read_csv("out.csv", float_precision="round_trip")
    assert list(out.columns) == [*FEATURES.columns, "Results"]
    pd.testing.assert_frame_equal(out[FEATURES.columns], FEATURES, rtol=1e-12)
    assert out["Results"].between(50, 300).all()
    assert sorted(path.name for path in Path().iterdir()) == [name, "out.csv"]


def test_a_run_that_was_cut_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    """When the service dies in the middle, the same command later does only the rest."""
    write_rows(ROWS)
    with HostileServer(*[hostile.scored] * 5, otherwise=status(503)) as server:
        options = ["--uri", server.uri, "--in", "in.csv", "--chunk", "2", "--concurrency", "1"]
        assert score(*options, "--retries", "0") == 3
        done = 8  # the Swagger is asked for first
        assert "the same command goes on" in capsys.readouterr().err
        assert not Path("out.csv").exists()
        with Path("out.csv.part").open("ab") as part:
            part.write(b"torn")
        server.otherwise = hostile.scored
        server.exchanges.clear()
        assert score(*options) == 0
        sent = [
            row["x"] for e in server.exchanges[1:] for row in json.loads(e.body)["Inputs"]["data"]
        ]
    assert sent == list(range(done, 10))
    assert pd.read_csv("out.csv").to_dict("list") == {
        "x": list(range(10)),
        "Results": [number * 2 for number in range(10)],
    }
    assert f"Continued after row {done - 1}" in capsys.readouterr().out


def test_a_killed_run_goes_on() -> None:
    """After kill -9 in the middle, the next run ends with every row once."""
    rows = [{"x": number} for number in range(300)]
    write_rows(rows)

    def kill(_: hostile.Exchange) -> None:
        os.kill(process.pid, signal.SIGKILL)
        raise hostile.CloseConnection

    with HostileServer(*[hostile.scored] * 40, kill) as server:
        command = ["--uri", server.uri, "--in", "in.csv", "--out", "out.csv", "--chunk", "5"]
        source = Path(cli.__file__).parent.parent
        process = subprocess.Popen(
            [sys.executable, "-m", "scoring_client.cli", *command],
            env={**os.environ, "PYTHONPATH": str(source)},
        )
        assert process.wait(60) == -signal.SIGKILL
        assert not Path("out.csv").exists()
        assert cli.main(command) == 0
    out = pd.read_csv("out.csv")
    assert out["x"].tolist() == list(range(300))
    assert out["Results"].tolist() == [number * 2 for number in range(300)]


def test_an_interrupted_run_goes_on() -> None:
    """Ctrl-C ends with 130 and a word on how to go on; so it does."""
    write_rows(ROWS)

    def interrupt(exchange: hostile.Exchange) -> None:
        process.send_signal(signal.SIGINT)
        hostile.status(503)(exchange)

    with HostileServer(*[hostile.scored] * 3, interrupt) as server:
        command = ["--uri", server.uri, "--in", "in.csv", "--out", "out.csv", "--chunk", "1"]
        command += ["--concurrency", "1"]
        source = Path(cli.__file__).parent.parent
        process = subprocess.Popen(
            [sys.executable, "-m", "scoring_client.cli", *command],
            env={**os.environ, "PYTHONPATH": str(source)},
            stderr=subprocess.PIPE,
            text=True,
        )
        _, said = process.communicate(timeout=60)
        assert (process.returncode, said.splitlines()[0]) == (130, "score: interrupted")
        assert cli.main(command) == 0
    assert pd.read_csv("out.csv")["Results"].tolist() == [number * 2 for number in range(10)]


def test_a_progress_bar_in_a_terminal() -> None:
    """Where a terminal is attached, a bar counts the rows that are done, how fast, and how long."""
    write_rows(ROWS)
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    with HostileServer() as server:
        command = ["--uri", server.uri, "--in", "in.csv", "--out", "out.csv", "--chunk", "1"]
        source = Path(cli.__file__).parent.parent
        subprocess.run(
            [sys.executable, "-m", "scoring_client.cli", *command],
            env={**os.environ, "PYTHONPATH": str(source)},
            stderr=follower,
            check=True,
        )
    os.close(follower)
    with open(leader, "rb", buffering=0) as terminal:  # noqa: PTH123 - no path
        shown = terminal.read(65536).decode()
    assert re.search(r"10 of 10 rows, [\d.]+ rows/s, 00:00 left", shown)


def test_the_report_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    """--json reports rows, failures and exit code for a program to read."""
    write_rows(ROWS)
    script = [status(404), hostile.scored, status(400, x_request_id="r-1")]
    with HostileServer(*script) as server:
        options = ["--uri", server.uri, "--in", "in.csv", "--chunk", "5", "--concurrency", "1"]
        assert score(*options, "--json") == 1
    failure = {"status": 400, "message": "this is a 400", "request_id": "r-1", "rows": [5, 9]}
    failure["lines"] = [7, 11]
    assert json.loads(capsys.readouterr().out) == {
        "out": "out.csv",
        "read": "in.csv: comma separated, 1 column, 10 rows, utf-8",
        "continued_at": 0,
        "rows": 10,
        "failed_rows": 5,
        "failures": [failure],
        "failed": "out.failed.csv",
        "exit_code": 1,
    }


def test_a_refused_caller(capsys: pytest.CaptureFixture[str]) -> None:
    """A wrong key ends the run at once, with the service's message."""
    write_rows(ROWS)
    with HostileServer(otherwise=status(401, {"message": "key?"}, x_request_id="r-1")) as server:
        assert score("--uri", server.uri, "--in", "in.csv") == 3
    said = capsys.readouterr().err.splitlines()
    assert said == ["score: HTTP 401: key?", "Request id: r-1"]


def prepare_another_run(uri: str) -> list[str]:
    write_rows(ROWS)
    with HostileServer(status(404), hostile.scored, otherwise=status(503)) as server:
        options = ["--uri", server.uri, "--in", "in.csv", "--chunk", "2", "--concurrency", "1"]
        assert score(*options, "--retries", "0") == 3
    return ["--uri", uri, "--in", "in.csv"]


def prepare_old_result(uri: str) -> list[str]:
    write_rows(ROWS)
    Path("out.csv").write_text("precious")
    return ["--uri", uri, "--in", "in.csv"]


WRONG: dict[str, tuple[Any, str]] = {
    "no file": (lambda uri: ["--uri", uri, "--in", "nothing*.csv"], "No file nothing*.csv."),
    "a folder": (lambda uri: ["--uri", uri, "--in", "."], "'./*'"),
    "old result": (prepare_old_result, "out.csv is there already"),
    "another run": (prepare_another_run, "another address"),
    "wrong address": (lambda _: ["--uri", "host/score", "--in", __file__], "https://HOST/score"),
    "wrong parameter": (
        lambda uri: ["--uri", uri, "--in", __file__, "--set", "predict"],
        "NAME=VALUE",
    ),
}


@pytest.mark.parametrize(("prepare", "said"), WRONG.values(), ids=WRONG)
def test_wrong_commands(prepare: Any, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What cannot work is refused with exit code 2 and one line; what is there stays."""
    options = prepare("http://127.0.0.1:9/score")
    before = {path: path.read_bytes() for path in Path().iterdir()}
    capsys.readouterr()
    assert score(*options) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert said in lines[0]
    assert {path: path.read_bytes() for path in Path().iterdir()} == before


BROKEN = {
    "in.json": ('{"x": 1}', "list of objects"),
    "in.jsonl": ('{"x": 1}\n[1]\n', "row 1 is no object"),
    "in.parquet": ("no parquet", "cannot be read"),
    "in.csv": ('x\n"1\n', "cannot be read"),
    "empty.csv": ("", "is empty"),
    "empty.json": ("[]", "has no rows"),
    "empty.jsonl": ("", "has no rows"),
    "header.csv": ("x\n", "a header and no rows"),
    "book.xlsx": ("PK", "save it as CSV"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_input(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is not what its name says is refused by its name."""
    content, said = BROKEN[name]
    Path(name).write_text(content)
    with HostileServer(status(404)) as server:
        assert score("--uri", server.uri, "--in", name) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line
    assert name in line


def test_restart(capsys: pytest.CaptureFixture[str]) -> None:
    """--restart begins anew, whatever lies there."""
    write_rows(ROWS)
    Path("out.csv").write_text("old")
    Path("out.csv.state").write_text("{damaged")
    with HostileServer(status(404)) as server:
        assert score("--uri", server.uri, "--in", "in.csv") == 2
        assert "damaged" in capsys.readouterr().err
        assert score("--uri", server.uri, "--in", "in.csv", "--restart") == 0
    assert len(pd.read_csv("out.csv")) == 10
