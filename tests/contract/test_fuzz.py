"""Generated requests against every door: no 5xx, and what the document calls valid is scored.

`make test` sends some hundred requests to each door, `make fuzz` 3 000 (FUZZ_CASES=). Half of
them are valid by the document, half break it. schemathesis makes them from the document that
deploy swagger writes, and compares every answer with it.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from openapi_spec_validator import validate
from PIL import Image
from requests import Response
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks

from deploy.contract.inspection import documents, inspect
from deploy.servers.azmlinfsrv import Server
from tests.doors import DOORS
from tests.several import constant, write

ROOT = Path(__file__).resolve().parents[2]
CASES = int(os.environ.get("FUZZ_CASES", "120"))

#: Spark takes a fifth of a second for a request, and its time to start.
SPARK = [pytest.mark.needs("java"), pytest.mark.timeout(900)]
EVERY_DOOR = [pytest.param(name, marks=SPARK if name == "spark_table" else []) for name in DOORS]

#: The answer is one that the document describes, in content type, status and schema.
TRUE_TO_THE_DOCUMENT = (
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
)


@pytest.fixture(scope="module", autouse=True)
def pictures() -> None:
    """Have schemathesis draw real pictures where a document asks for some."""
    drawn: dict[str, bytes] = {}
    for name in ("png", "jpeg", "gif", "bmp", "webp", "tiff"):
        file = io.BytesIO()
        # A dark stroke and a light one: each polarity that a request may ask for finds a digit.
        picture = Image.new("L", (40, 60), 128)
        picture.paste(0, (12, 10, 18, 50))
        picture.paste(255, (24, 10, 30, 50))
        picture.save(file, name)
        drawn[name] = file.getvalue()
        schemathesis.openapi.media_type(f"image/{name}", st.just(drawn[name]))
    schemathesis.openapi.format("binary", st.sampled_from(list(drawn.values())))


def send(
    document: dict[str, Any], server: Server, mode: GenerationMode, number: int
) -> list[tuple[Any, Response]]:
    """Send generated requests and return them with their answers."""
    sent: list[tuple[Any, Response]] = []
    operation = schemathesis.openapi.from_dict(document)["/score"]["POST"]

    @seed(number)
    @settings(
        max_examples=number,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def score(case: Any) -> None:
        answer = case.call(base_url=server.url, timeout=60)
        sent.append((case, answer))
        if not refused_by_the_server_itself(case):
            case.validate_response(answer, checks=TRUE_TO_THE_DOCUMENT)

    score()
    return sent


def refused_by_the_server_itself(case: Any) -> bool:
    """Tell whether the body is not UTF-8: azmlinfsrv answers 500 before run() is reached."""
    try:
        bytes(case.body).decode() if isinstance(case.body, bytes | bytearray) else None
    except UnicodeDecodeError:
        return True
    return False


def has_a_wrong_body(case: Any) -> bool:
    """Tell whether it is the body that breaks the document, not a header.

    Null for parameters that may be left out stands for leaving them out; no document says so.
    """
    if isinstance(case.body, dict) and case.body.get("GlobalParameters", "") is None:
        return False
    body = case.meta.components.get(ParameterLocation.BODY)
    return body is not None and bool(body.mode == GenerationMode.NEGATIVE)


@pytest.fixture(scope="module")
def spark_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the model that training/diabetes_spark.py writes."""
    folder = tmp_path_factory.mktemp("diabetes_spark") / "1"
    script = ROOT / "training" / "diabetes_spark.py"
    subprocess.run([sys.executable, str(script), "--output", str(folder)], check=True)
    return folder


@pytest.fixture(scope="module")
def document_of(
    start_server: Callable[..., Server],
    model_of: Callable[[str], Path],
    request: pytest.FixtureRequest,
) -> Callable[[str], tuple[Server, dict[str, Any]]]:
    """Return a running door and its document."""

    def of(door: str) -> tuple[Server, dict[str, Any]]:
        # Trained only where there is Java.
        spark = door == "spark_table"
        model = request.getfixturevalue("spark_model") if spark else model_of(door)
        server = start_server(ROOT / "score" / f"{door}.py", model)
        return server, documents(inspect(server), door)["swagger3.json"]

    return of


@pytest.mark.parametrize("door", EVERY_DOOR)
def test_valid_requests_are_scored(
    document_of: Callable[[str], tuple[Server, dict[str, Any]]], door: str
) -> None:
    """No valid request ends in a 5xx, and at least 95 % are answered 200."""
    server, document = document_of(door)
    sent = send(document, server, GenerationMode.POSITIVE, CASES // 2)
    assert len(sent) >= CASES // 2
    assert not [answer.text for _, answer in sent if answer.status_code >= 500]
    counts = Counter(answer.status_code for _, answer in sent)
    sys.stdout.write(f"\n{door}, valid by the document: {dict(counts)}\n")
    assert counts[200] >= 0.95 * len(sent)


def test_valid_requests_to_different_models_are_scored(
    start_server: Callable[..., Server],
    sample_model: Path,
    iris_model: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Where each model has columns of its own, the document ties them to its name."""
    folder = write(tmp_path_factory.mktemp("different"), {"red/9": constant("red"),
                   "red/10": constant("red", columns=2), "broken/1": None})  # fmt: skip
    shutil.copytree(sample_model, folder / "diabetes" / "1")
    shutil.copytree(iris_model, folder / "iris" / "1")
    server = start_server(ROOT / "score" / "multi_model.py", folder)
    content = documents(inspect(server))
    for one in content.values():
        validate(one)
    sent = send(content["swagger3.json"], server, GenerationMode.POSITIVE, CASES // 2)
    assert not [answer.text for _, answer in sent if answer.status_code >= 500]
    scored = [answer.json() for _, answer in sent if answer.status_code == 200]
    assert len(scored) >= 0.95 * len(sent)
    by = {(answer["model"], answer["version"]) for answer in scored}
    assert by == {("diabetes", "1"), ("iris", "1"), ("red", "9"), ("red", "10")}


@pytest.mark.parametrize("door", EVERY_DOOR)
def test_other_requests_are_the_clients_fault(
    document_of: Callable[[str], tuple[Server, dict[str, Any]]], door: str
) -> None:
    """No invalid request ends in a 5xx, and no invalid body is scored.

    But for bodies that azmlinfsrv itself cannot read. Odd headers beside a good body do no harm.
    """
    server, document = document_of(door)
    sent = send(document, server, GenerationMode.NEGATIVE, CASES // 2)
    own = [answer for case, answer in sent if not refused_by_the_server_itself(case)]
    counts = Counter(answer.status_code for answer in own)
    rest = len(sent) - len(own)
    sys.stdout.write(f"\n{door}, invalid: {dict(counts)}, and {rest} that are not UTF-8\n")
    assert len(sent) >= CASES // 2
    assert not [answer.text for answer in own if answer.status_code >= 500]
    scored = [
        case.body for case, answer in sent if answer.status_code == 200 and has_a_wrong_body(case)
    ]
    assert scored == []
