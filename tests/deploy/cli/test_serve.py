"""`make serve`, run as the command it is."""

from __future__ import annotations

import json
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from deploy.servers.azmlinfsrv import free_port


def command(entry: str, model_dir: Path | str, port: int) -> list[str]:
    arguments = ["--entry", entry, "--model-dir", str(model_dir), "--port", str(port)]
    return [sys.executable, "-m", "deploy", "serve", *arguments]


@contextmanager
def serving(
    entry: str, model_dir: Path, root: Path, *options: str
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the command until its invitation is printed."""
    with subprocess.Popen(
        [*command(entry, model_dir, free_port()), *options],
        cwd=root,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        lines: list[str] = []
        try:
            for line in process.stdout:
                lines.append(line)
                if line.startswith("Expect"):
                    lines.append(process.stdout.readline())
                    break
                if line.startswith("The model in MODEL_DIR"):
                    break
            yield process, "".join(lines)
        finally:
            process.terminate()


@pytest.mark.parametrize(
    ("entry", "options"),
    [("score/score.py", ()), ("score/raw_json.py", ()), ("score/score.py", ("--host", "fast"))],
)
def test_printed_request_gives_the_printed_answer(
    entry: str, options: tuple[str, ...], root: Path, sample_model: Path
) -> None:
    """The curl line, pasted, answers what the command says to expect, under both hosts."""
    with serving(entry, sample_model, root, *options) as (process, text):
        modules = [each.cmdline()[2] for each in psutil.Process(process.pid).children()]
        assert modules == ["host" if options else "azureml_inference_server_http"]
        curl = text[text.index("curl") : text.index("\n\nExpect")]
        pasted = shlex.split(curl.replace("\\\n", " "))
        answer = subprocess.run([*pasted, "-s"], capture_output=True, check=True).stdout
        expected = text.splitlines()[-1]
        assert "Expect 200:" in text
        assert json.loads(answer) == json.loads(expected)


def test_an_unknown_host_is_refused(root: Path, sample_model: Path) -> None:
    """The error lists what there is."""
    arguments = [*command("score/score.py", sample_model, free_port()), "--host", "quick"]
    result = subprocess.run(arguments, cwd=root, capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert result.stderr.startswith("--host quick: expected one of azmlinfsrv, fast.")


def test_own_model_gets_a_request_of_its_own(root: Path, iris_model: Path) -> None:
    """The door without code prints a request with the columns of the model it was given."""
    with serving("score/auto.py", iris_model, root) as (_, text):
        assert "petal length (cm)" in text
        assert "Expect 200:" in text


def test_model_that_does_not_fit_the_door(root: Path, sample_model: Path) -> None:
    """A model of other columns than the script's is said to be that, with what it raised."""
    arguments = command("score/classifier.py", sample_model, free_port())
    ended = subprocess.run(arguments, cwd=root, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert "init() of classifier.py failed with ModelBroken: model.joblib (Ridge)" in ended.stderr
    assert "the sample of the entry script: ValueError: The feature names" in ended.stderr
    assert "Serve the model that the script was written for" in ended.stderr
    assert "Expect" not in ended.stdout


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupt_leaves_nothing(number: signal.Signals, root: Path, sample_model: Path) -> None:
    """Ctrl-C, and `kill`, end the command with 0 and every process with it."""
    with serving("score/score.py", sample_model, root) as (process, _):
        children = psutil.Process(process.pid).children(recursive=True)
        assert children
        process.send_signal(number)
        assert process.wait(60) == 0
        assert not any(child.is_running() for child in children)


@pytest.mark.parametrize(
    ("entry", "model_dir", "sentence"),
    [
        ("score/scor.py", ".", "No entry script score/scor.py. Found: "),
        ("score/score.py", "no/such", "No model folder no/such. Set MODEL_DIR="),
        ("score/score.py", "docs", "init() of score.py failed with ModelNotFound: "),
    ],
)
def test_what_cannot_work_is_one_sentence(
    entry: str, model_dir: str, sentence: str, root: Path
) -> None:
    """A wrong argument ends the command with 1 and a sentence, not a traceback."""
    arguments = command(entry, model_dir, free_port())
    result = subprocess.run(arguments, cwd=root, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert result.stderr.startswith(sentence)
    assert "Traceback" not in result.stderr
