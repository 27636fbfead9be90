"""Fixtures for every room: the sample model, real servers, and the rule on skips."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from pathlib import Path

import hypothesis
import pytest

from deploy.servers.azmlinfsrv import Server

ROOT = Path(__file__).resolve().parent.parent
SAMPLE_MODEL = ROOT / "models" / "diabetes" / "1"
DIGITS_MODEL = ROOT / "models" / "digits" / "1"

StartServer = Callable[..., Server]

# How fast the machine draws an example says nothing about the code: the first draw of a text on a
# busy machine takes seconds.
hypothesis.settings.register_profile(
    "tests", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("tests")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs a program this machine lacks, and say how to get it."""
    for item in items:
        for marker in item.iter_markers("needs"):
            if shutil.which(marker.args[0]) is None:
                reason = f"{marker.args[0]} is not installed: make system-packages"
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,  # noqa: ARG001 - pytest's signature
    call: pytest.CallInfo[None],  # noqa: ARG001
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip into a failure in CI, where everything is installed."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("CI") == "true":
        report.outcome = "failed"
        report.longrepr = f"skipped in CI: {report.longrepr}"
    return report


@pytest.fixture(scope="session", autouse=True)
def _interruptible() -> None:
    """Have the programs under test hear Ctrl-C.

    A shell has what it runs in the background ignore it, and children inherit that.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def root() -> Path:
    """The top of the project."""
    return ROOT


@pytest.fixture(scope="session")
def sample_model() -> Path:
    """The folder of the sample model; `make test` trains it before the tests run."""
    assert (SAMPLE_MODEL / "model.joblib").is_file(), "train the sample model: make test"
    return SAMPLE_MODEL


@pytest.fixture(scope="session")
def iris_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the iris classifier, trained as docs/powerbi.md says."""
    folder = tmp_path_factory.mktemp("iris")
    command = [sys.executable, str(ROOT / "training" / "iris.py"), "--output", str(folder)]
    subprocess.run(command, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="session")
def digits_model() -> Path:
    """The folder of the image door's model; `make test` trains it before the tests run."""
    assert (DIGITS_MODEL / "model.joblib").is_file(), "train the digits model: make test"
    return DIGITS_MODEL


@pytest.fixture(scope="session")
def digit_pictures(tmp_path_factory: pytest.TempPathFactory, root: Path) -> dict[int, Path]:
    """The drawn digits, one picture of each, by the digit."""
    folder = tmp_path_factory.mktemp("digits")
    script = root / "tests" / "data" / "draw_digits.py"
    subprocess.run([sys.executable, str(script), str(folder)], check=True)
    return {int(path.name[0]): path for path in folder.iterdir()}


@pytest.fixture(scope="session")
def model_of(sample_model: Path, iris_model: Path, digits_model: Path) -> Callable[[str], Path]:
    """Return the model folder for a door, by the door's name."""
    studio = ROOT / "tests" / "data" / "studio" / "sample"
    own = {"classifier": iris_model, "image": digits_model, "studio": studio}
    return lambda door: own.get(door, sample_model)


@pytest.fixture(scope="session")
def start_server() -> Iterator[StartServer]:
    """Start a real azmlinfsrv; the same arguments give the same server, all session long."""
    servers: dict[str, Server] = {}
    with ExitStack() as stack:

        def start(entry: Path, model_dir: Path | None, **options: object) -> Server:
            key = repr((entry, model_dir, sorted(options.items())))
            if key not in servers:
                server = Server(entry, model_dir, **options)  # type: ignore[arg-type]
                servers[key] = stack.enter_context(server)
            return servers[key]

        yield start


@pytest.fixture(scope="session")
def score_server(start_server: StartServer, root: Path, sample_model: Path) -> Server:
    """`score/score.py` with the sample model."""
    return start_server(root / "score" / "score.py", sample_model)


@pytest.fixture(scope="session")
def classifier_server(start_server: StartServer, root: Path, iris_model: Path) -> Server:
    """`score/classifier.py` with the iris model."""
    return start_server(root / "score" / "classifier.py", iris_model)


@pytest.fixture(scope="session")
def raw_json_server(start_server: StartServer, root: Path, sample_model: Path) -> Server:
    """`score/raw_json.py` with the sample model."""
    return start_server(root / "score" / "raw_json.py", sample_model)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """Show the end of the log of every server that a failed test used."""
    try:
        return (yield)
    except Exception:
        for name, value in getattr(item, "funcargs", {}).items():
            if isinstance(value, Server):
                item.add_report_section("call", f"log of {name}", value.log()[-5000:])
        raise
