"""deploy.contract.inspection: its documents are valid, true and served where Azure honours them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import requests
from openapi_spec_validator import validate

from deploy.cli.options import sample_model as sample_model_of
from deploy.contract.inspection import CannotDescribe, bare_server, documents, inspect, service_root
from deploy.contract.static_files import write
from deploy.openapi.document import Service
from deploy.servers.azmlinfsrv import Server

ROOT = Path(__file__).resolve().parents[3]
TOOLS = ROOT / "tests" / "tools"
DOORS = ["score", "classifier", "raw_json"]
#: Kept equal to what the running doors say by tests/clients/test_contract.py.
CONTRACT = ROOT / "clients" / "contract"
OTHER_DOORS = sorted({folder.name for folder in CONTRACT.iterdir()} - set(DOORS))
FILES = ["swagger2.json", "swagger3.json", "swagger3.1.json"]


@pytest.fixture(scope="module")
def service_of(
    start_server: Callable[..., Server], model_of: Callable[[str], Path]
) -> Callable[[str], Service]:
    """Return what a running door says of itself."""
    return lambda door: inspect(start_server(ROOT / "score" / f"{door}.py", model_of(door)))


@pytest.mark.parametrize("door", DOORS)
def test_documents_are_valid(service_of: Callable[[str], Service], door: str) -> None:
    """An independent validator accepts the document of every version."""
    files = documents(service_of(door))
    assert list(files) == FILES
    for content in files.values():
        validate(content)


def spectral(*paths: Path) -> subprocess.CompletedProcess[str]:
    program = TOOLS / "node_modules" / ".bin" / "spectral"
    command: list[str | Path] = [
        program,
        "lint",
        "--ruleset",
        TOOLS / "spectral.yaml",
        "--fail-severity=warn",
    ]
    return subprocess.run([*command, *paths], capture_output=True, text=True, check=False)


@pytest.mark.needs("npm")
def test_the_linter_has_nothing_to_say(
    service_of: Callable[[str], Service], unusual: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    """Spectral's OpenAPI rules, its checks of the examples included, find not even a warning."""
    paths = [path for d in DOORS for path in write(documents(service_of(d)), tmp_path / d)]
    paths += [CONTRACT / door / file for door in OTHER_DOORS for file in FILES]
    paths += write(unusual, tmp_path / "unusual")
    result = spectral(*paths)
    assert result.returncode == 0, result.stdout + result.stderr
    broken = json.loads((tmp_path / DOORS[-1] / FILES[-1]).read_text())
    del broken["tags"], broken["paths"]["/score"]["post"]["operationId"]
    (tmp_path / "broken.json").write_text(json.dumps(broken))
    assert "operation-operationId" in spectral(tmp_path / "broken.json").stdout


def operations(content: dict[str, Any]) -> list[dict[str, Any]]:
    return [operation for path in content["paths"].values() for operation in path.values()]


@pytest.mark.parametrize("name", FILES)
def test_what_the_servers_template_leaves_out(
    service_of: Callable[[str], Service], name: str
) -> None:
    """Tags, summaries, error answers, headers, open paths and true content types are there."""
    content = documents(service_of("score"))[name]
    health, score, swagger = operations(content)
    ids = [operation["operationId"] for operation in (health, score, swagger)]
    assert ids == ["ServiceHealthCheck", "RunMLService", "GetSwaggerSpec"]
    assert all(operation["tags"] and operation["summary"] for operation in operations(content))
    assert set(score["responses"]) == {"200", "400", "413", "415", "500", "default"}
    assert "x-request-id" in score["responses"]["200"]["headers"]
    assert health["security"] == swagger["security"] == []
    version = swagger["parameters"][0]
    assert (version.get("schema") or version)["enum"] == ["2", "2.0", "3", "3.0", "3.1"]
    if name == "swagger2.json":
        assert score["parameters"][0]["required"]
        assert health["produces"][0] == "text/html"
        assert content["definitions"]["ErrorResponse"]["required"] == ["message"]
    else:
        assert score["requestBody"]["required"]
        assert list(health["responses"]["200"]["content"]) == ["text/html"]
        assert content["servers"]
        names = {"ServiceInput", "ServiceOutput", "Inputs", "DataRow", "GlobalParameters"}
        assert names | {"ErrorResponse", "FieldError"} == set(content["components"]["schemas"])


@pytest.mark.parametrize("door", DOORS)
def test_the_example_is_answered_as_the_document_says(
    service_of: Callable[[str], Service],
    start_server: Callable[..., Server],
    model_of: Callable[[str], Path],
    door: str,
) -> None:
    """The example, sent, gets the example's answer, and both match their schemas."""
    server = start_server(ROOT / "score" / f"{door}.py", model_of(door))
    content = documents(service_of(door))["swagger3.1.json"]
    post = content["paths"]["/score"]["post"]
    asked = post["requestBody"]["content"]["application/json"]
    answered = post["responses"]["200"]["content"]["application/json"]
    live = requests.post(
        server.score_url,
        json=asked["example"],
        headers={"x-ms-client-request-id": "mine"},
        timeout=60,
    )
    assert (live.status_code, live.json()) == (200, answered["example"])
    assert live.headers["Content-Type"] == "application/json"
    for part in (asked, answered):
        jsonschema.validate(
            part["example"], {**part["schema"], "components": content["components"]}
        )
    headers = post["responses"]["200"]["headers"]
    assert set(headers) <= {name.lower() for name in live.headers}


@pytest.fixture(scope="module")
def unusual(start_server: Callable[..., Server]) -> dict[str, dict[str, Any]]:
    """The documents of a door with overlapping columns, odd names, float32 and an empty object."""
    entry = ROOT / "tests" / "data" / "entries" / "unusual.py"
    return documents(inspect(start_server(entry, None, app_root=ROOT / "score")))


def test_what_is_easily_described_wrongly(unusual: dict[str, dict[str, Any]]) -> None:
    """The documents are valid, the examples true, and no name hides a schema of the server."""
    for content in unusual.values():
        validate(content)
    content = unusual["swagger3.1.json"]
    post = content["paths"]["/score"]["post"]
    for part in (post["requestBody"], post["responses"]["200"]):
        (media,) = part["content"].values()
        schema = {**media["schema"], "components": content["components"]}
        jsonschema.validate(media["example"], schema)
    schemas = content["components"]["schemas"]
    assert {"where", "expected", "found"} == set(schemas["FieldError"]["properties"])
    assert {"EteChaud", "Part", "InputPart", "InputServiceInput", "InputFieldError"} <= set(schemas)


def test_the_document_describes_failures_as_they_are(
    service_of: Callable[[str], Service], score_server: Server
) -> None:
    """A 400 with field errors, a 415 and the server's own 400 match the error schema."""
    content = documents(service_of("score"))["swagger3.1.json"]
    schema = {"$ref": "#/components/schemas/ErrorResponse", "components": content["components"]}
    post = content["paths"]["/score"]["post"]
    wrong: list[Any] = [{"json": {"Inputs": {"data": [{"age": "x"}]}}}, {"data": "x"}, {"json": {}}]
    for sent in wrong:
        headers = {"x-ms-client-request-id": "mine"}
        answer = requests.post(score_server.score_url, timeout=60, headers=headers, **sent)
        assert answer.status_code in (400, 415)
        jsonschema.validate(answer.json(), schema)
        described = post["responses"][str(answer.status_code)]["headers"]
        assert set(described) <= {name.lower() for name in answer.headers}


def is_ours(server: Server) -> list[bool]:
    """Tell for each version whether the server publishes a document that we wrote."""
    return [
        "tags" in requests.get(f"{server.url}/swagger.json?version={v}", timeout=60).json()
        for v in ("2", "3", "3.1")
    ]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, root: Path, sample_model: Path) -> Path:
    """A copy of score/ in which the command has been run, as a user runs it."""
    source = tmp_path_factory.mktemp("written") / "score"
    shutil.copytree(root / "score", source, ignore=shutil.ignore_patterns("__pycache__"))
    command = [
        sys.executable,
        "-m",
        "deploy",
        "swagger",
        "--entry",
        str(source / "score.py"),
    ]
    command += ["--model-dir", str(sample_model), "--out", str(source)]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [str(source / name) for name in FILES]
    return source


def test_layout_v2_serves_the_files(written: Path, sample_model: Path) -> None:
    """Online endpoints make the entry's folder the app root: files beside it are served."""
    with Server(written / "score.py", sample_model) as server:
        assert is_ours(server) == [True, True, True]


def test_layout_v1_does_not(written: Path, sample_model: Path) -> None:
    """SDK v1 puts the folder below the app root: the server publishes its own document."""
    v1 = {"AZUREML_SOURCE_DIRECTORY": "score"}
    entry = written / "score.py"
    with Server(entry, sample_model, app_root=written.parent, environ=v1) as server:
        assert is_ours(server) == [False, False, False]
    shutil.copy(written / "swagger3.json", written.parent)
    with Server(entry, sample_model, app_root=written.parent, environ=v1) as server:
        assert is_ours(server) == [False, True, False]


def test_files_of_an_earlier_run_are_not_read(written: Path, sample_model: Path) -> None:
    """The document is made from the live script, not from what was written before."""
    with bare_server(written / "score.py", sample_model) as server:
        assert is_ours(server) == [False, False, False]


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("nowhere", "No entry script"),
        ("text", "declares no input, and there is no clients/contract/text/request.json"),
        ("nan", "The Swagger of nan.py is not JSON: it has NaN"),
        ("deep", "deep in the model's code"),
        ("no_json", "no_json.py answers its own example 200: <p>hello</p>"),
        ("private", "request.contact looks like an e-mail address"),
        ("classes", "request.Inputs.data.contact (enum)[1] looks like an e-mail address"),
    ],
)
def test_what_cannot_be_described_is_said(
    tmp_path: Path, root: Path, sample_model: Path, entry: str, message: str
) -> None:
    """A missing script, one that says nothing and a private sample end with one clear line."""
    shutil.copytree(root / "score" / "scoring", tmp_path / "scoring")
    for script in (root / "tests" / "data" / "entries").glob(f"{entry}.py"):
        shutil.copy(script, tmp_path)
    command = [
        sys.executable,
        "-m",
        "deploy",
        "swagger",
        "--entry",
        str(tmp_path / f"{entry}.py"),
    ]
    command += ["--model-dir", str(sample_model), "--out", str(tmp_path / "out")]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("given", "root"),
    [
        ("http://127.0.0.1:5001", "http://127.0.0.1:5001"),
        ("https://a.example.org/score", "https://a.example.org"),
        ("http://a.example.org/api/v1/service/x/score/", "http://a.example.org/api/v1/service/x"),
        ("https://a.example.org/score?x=1", "https://a.example.org"),
        ("", ""),
    ],
)
def test_the_address_that_scores_will_do(given: str, root: str) -> None:
    """An address is taken up to /score, whose path is in the document."""
    assert service_root(given) == root
    assert service_root(given.replace("/score", "/front/score"), "/front") == root


def test_what_is_no_address() -> None:
    """An address without a scheme, which no document could hold, is refused."""
    with pytest.raises(CannotDescribe, match="begins with http"):
        service_root("scoring.example.org")


@pytest.mark.parametrize("door", ["score", "image"])
def test_the_address_is_bound_when_given(service_of: Callable[[str], Service], door: str) -> None:
    """--url becomes the servers of 3.x, and scheme, host and base path of 2.0."""
    url = "http://scoring.example.org/api/v1/service/x"
    files = documents(replace(service_of("score"), url=url), door)
    for version in ("3", "3.1"):
        assert files[f"swagger{version}.json"]["servers"] == [{"url": url}]
    assert files["swagger2.json"]["host"] == "scoring.example.org"
    assert files["swagger2.json"]["schemes"] == ["http"]
    assert files["swagger2.json"]["basePath"] == "/api/v1/service/x"
    validate(files["swagger2.json"])


def test_each_door_has_its_sample_model() -> None:
    """Without --model-dir a door is served with the model that `make serve` takes for it."""
    found = {door: str(sample_model_of(ROOT / "score" / f"{door}.py")) for door in DOORS}
    assert found == {
        "score": "models/diabetes/1",
        "classifier": "models/iris/1",
        "raw_json": "models/diabetes/1",
    }
