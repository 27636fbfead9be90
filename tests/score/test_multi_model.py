"""The door for every model in the folder, over HTTP under the real azmlinfsrv."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import requests
from openapi_spec_validator import validate

from deploy.servers.azmlinfsrv import Server, ServerFailed
from tests.conftest import StartServer
from tests.estimators import ESTIMATORS, check, fitted, records
from tests.layouts import LAYOUTS, Layout
from tests.several import constant, write

ROW = [{"x0": 1.0}]


def post(server: Server, rows: Any, request_id: str = "", **parameters: Any) -> requests.Response:
    headers = {"x-request-id": request_id} if request_id else {}
    body = {"Inputs": {"data": rows}, "GlobalParameters": parameters}
    return requests.post(server.score_url, json=body, headers=headers, timeout=60)


def describe(server: Server) -> Any:
    return requests.get(f"{server.score_url}?describe", timeout=60).json()


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_every_layout_is_served(root: Path, tmp_path: Path, layout: Layout) -> None:
    """In each layout every model is listed and answers by name and version."""
    folder = layout.lay_out(tmp_path)
    with Server(root / "score" / "multi_model.py", folder) as server:
        listed = {(one["name"], one["version"]) for one in describe(server)["models"]}
        assert listed == set(layout.found)
        for (name, version), path in layout.found.items():
            expected = layout.files[f"{layout.model_dir}/{path}".rstrip("/")]
            answer = post(server, ROW, model=name, version=version).json()
            assert answer == {"Results": [expected], "model": name, "version": version}
        default = post(server, ROW)
        if layout.chosen is None:
            assert default.status_code == 400
        else:
            chosen = layout.files[f"{layout.model_dir}/{layout.chosen}".rstrip("/")]
            assert default.json()["Results"] == [chosen]


@pytest.fixture(scope="module")
def forty(
    start_server: StartServer, root: Path, tmp_path_factory: pytest.TempPathFactory
) -> Server:
    """Forty models: every family, the rest constants, one of them broken."""
    folder = tmp_path_factory.mktemp("forty")
    models = {f"family_{i}/{i}": fitted(name) for i, name in enumerate(ESTIMATORS)}
    models |= {f"constant/{i}": constant(float(i)) for i in range(1, 40 - len(models))}
    write(folder, models | {"broken/1": None})
    return start_server(root / "score" / "multi_model.py", folder)


@pytest.mark.parametrize("number", range(len(ESTIMATORS)), ids=ESTIMATORS)
def test_every_family_beside_the_others(forty: Server, number: int) -> None:
    """Each of forty models has its own columns and its own kind of answer."""
    family = list(ESTIMATORS)[number]
    model, table = fitted(family), ESTIMATORS[family][1]
    name = f"family_{number}"
    answer = post(forty, records(table), model=name).json()
    assert (answer["model"], answer["version"]) == (name, str(number))
    check(answer["Results"], model.predict(table))
    if hasattr(model, "predict_proba") and hasattr(model, "classes_"):
        shares = post(forty, records(table), model=name, method="predict_proba").json()
        check(shares["Results"], model.predict_proba(table))


def test_forty_models_are_listed(forty: Server) -> None:
    """The description has each with its state, and no path."""
    models = describe(forty)["models"]
    states = Counter(model["status"] for model in models)
    assert states == {"loaded": 39, "broken": 1}
    assert all(model["sha256"] for model in models if model["status"] == "loaded")
    assert "/" not in json.dumps(models)


def test_the_highest_version_is_the_default(forty: Server) -> None:
    """Without a version 16 comes after 9; a number does for a version."""
    assert post(forty, ROW, model="constant").json()["version"] == "16"
    assert post(forty, ROW, model="constant", version=9).json()["Results"] == [9.0]


@pytest.mark.parametrize(
    ("parameters", "where", "words"),
    [
        ({}, "GlobalParameters.model", "nothing"),
        ({"model": "constnat"}, "GlobalParameters.model", 'did you mean "constant"?'),
        ({"model": "../constant"}, "GlobalParameters.model", 'one of "broken", "constant"'),
        ({"model": "constant", "version": "99"}, "GlobalParameters.version", 'one of "1", "2"'),
        ({"model": "constant", "version": "../../broken/1"}, "GlobalParameters.version", "one of"),
        ({"model": "constant", "version": True}, "GlobalParameters.version", "boolean true"),
        ({"model": ["constant"]}, "GlobalParameters.model", "an array of 1"),
        ({"model": "constant", "method": "predict_proba"}, "GlobalParameters.method", "predict"),
        ({"model": "constant", "colour": "red"}, "GlobalParameters.colour", ""),
    ],
)
def test_unknown_names_are_refused(
    forty: Server, parameters: dict[str, Any], where: str, words: str
) -> None:
    """A name, version or method that is not deployed is a 400 that lists what is."""
    answer = post(forty, ROW, **parameters)
    assert answer.status_code == 400, answer.text
    (error,) = answer.json()["errors"]
    assert error["where"] == where
    assert words in error["expected"] + error["found"]


def test_another_models_columns_are_refused(forty: Server) -> None:
    """The rows are checked against the model that is named."""
    answer = post(forty, [{"age": 0.1}], model="constant")
    assert answer.status_code == 400
    assert {error["where"] for error in answer.json()["errors"]} == {
        "Inputs.data[0].x0",
        "Inputs.data[0].age",
    }


def test_a_broken_model_is_unavailable(forty: Server) -> None:
    """Asking for the broken one gives 503 and its name; the log has the reason."""
    answer = post(forty, ROW, model="broken")
    assert answer.status_code == 503
    assert "'broken' version '1'" in answer.json()["message"]
    assert "model broken version 1 is broken: model.pkl cannot be loaded" in forty.log()


@pytest.mark.parametrize("version", ["2", "3", "3.1"])
def test_the_document_says_what_all_have_in_common(forty: Server, version: str) -> None:
    """A valid document of the union of all columns, whose own example is answered."""
    url = f"{forty.url}/swagger.json?version={version}"
    document = requests.get(url, timeout=60).json()
    validate(document)
    schemas = document.get("definitions") or document["components"]["schemas"]
    service = schemas["ServiceInput"]
    assert service["required"] == ["Inputs", "GlobalParameters"]
    row = service["properties"]["Inputs"]["properties"]["data"]["items"]
    assert {"x0", "age", "town", "text"} <= row["properties"].keys()
    assert "required" not in row
    assert "constant" in service["properties"]["GlobalParameters"]["properties"]["model"]["enum"]
    body = service["example"]
    answer = requests.post(forty.score_url, json=body, timeout=60)
    assert answer.status_code == 200, answer.text


@pytest.fixture(scope="module")
def split(
    start_server: StartServer, root: Path, tmp_path_factory: pytest.TempPathFactory
) -> Server:
    """Traffic split 3 to 1 between two versions, a third in the shadow, another name beside."""
    models = {
        "ridge/1": constant(1.0),
        "ridge/2": constant(2.0),
        "ridge/3": constant(30.0),
        "labels/1": constant("red"),
    }
    environ = {
        "SCORING_TRAFFIC": "ridge:1=75,ridge:2=25",
        "SCORING_SHADOW": "ridge:3",
        "SCORING_MODEL": "labels",
    }
    folder = write(tmp_path_factory.mktemp("split"), models)
    return start_server(root / "score" / "multi_model.py", folder, environ=environ)


def test_traffic_is_split_by_request_id(split: Server) -> None:
    """Three of four requests get version 1, and the same id always gets the same model."""
    ids = [f"request-{i}" for i in range(200)]
    first = [post(split, ROW, request_id).json()["version"] for request_id in ids]
    again = [post(split, ROW, request_id, model="ridge").json()["version"] for request_id in ids]
    assert first == again
    # Decided by the ids' hashes, so always the same: 140 of these 200.
    assert Counter(first) == {"1": 140, "2": 60}


def test_who_names_a_version_gets_it(split: Server) -> None:
    """Traffic is for requests that leave the choice; others get what they name."""
    assert post(split, ROW, model="ridge", version="3").json()["Results"] == [30.0]
    assert post(split, ROW, model="labels").json()["Results"] == ["red"]
    assert post(split, ROW, version="1").json()["model"] == "labels"


def test_the_shadow_only_writes_to_the_log(split: Server) -> None:
    """The shadow's results, and how far they are off, are one line in the log."""
    answer = post(split, ROW * 2, "follow-me", model="ridge", version="1")
    assert answer.json() == {"Results": [1.0, 1.0], "model": "ridge", "version": "1"}
    line = None
    while line is None:  # until the shadow's thread has written it; pytest's timeout ends it
        post(split, ROW, model="labels")
        line = re.search(r'\{"request_id": "follow-me", "shadow".*\}', split.log())
    found = json.loads(line.group())
    assert (found["shadow"], found["answered_by"]) == ("ridge:3", "ridge:1")
    assert (found["results"], found["rows"], found["differing"]) == ([30.0, 30.0], 2, 2)
    assert found["largest_difference"] == 29.0


def test_traffic_and_shadow_are_described(split: Server) -> None:
    """Default, shares and shadow are part of the description."""
    found = describe(split)
    assert (found["default"], found["shadow"]) == ("labels:1", "ridge:3")
    assert found["traffic"] == {"ridge:1": 75.0, "ridge:2": 25.0}


def test_lazy_models_come_and_go(root: Path, tmp_path: Path) -> None:
    """With a bound, models are loaded when asked for and the one unused for longest leaves."""
    folder = write(tmp_path, {f"m/{i}": constant(float(i)) for i in range(1, 5)})
    environ = {"SCORING_LOADED_MODELS": "2"}
    with Server(root / "score" / "multi_model.py", folder, environ=environ) as server:

        def loaded() -> set[str]:
            models = describe(server)["models"]
            return {one["version"] for one in models if one["status"] == "loaded"}

        assert loaded() == {"4"}
        for version, expected in (("1", {"4", "1"}), ("4", {"4", "1"}), ("2", {"4", "2"})):
            assert post(server, ROW, version=version).json()["Results"] == [float(version)]
            assert loaded() == expected
        validate(requests.get(f"{server.url}/swagger.json", timeout=60).json())


@pytest.mark.parametrize(
    ("environ", "message"),
    [
        ({"SCORING_MODEL": "rigde"}, "No model 'rigde'. Did you mean 'ridge'"),
        ({"SCORING_SHADOW": "ridge:9"}, "no version '9'"),
        ({"SCORING_TRAFFIC": "ridge:1=60,ridge:7=40"}, "no version '7'"),
        ({"SCORING_TRAFFIC": "ridge:1=60"}, "SCORING_TRAFFIC.*100 percent in all"),
    ],
)
def test_bad_settings_stop_the_start(
    root: Path, tmp_path: Path, environ: dict[str, str], message: str
) -> None:
    """A setting that names what is not there is one sentence at the start."""
    folder = write(tmp_path, {"ridge/1": constant(1.0)})
    server = Server(root / "score" / "multi_model.py", folder, environ=environ)
    with pytest.raises(ServerFailed, match=message), server:
        pass


def test_nothing_but_broken_models(root: Path, tmp_path: Path) -> None:
    """When no model works the service does not start, and says why for each."""
    folder = write(tmp_path, {"a/1": None, "b/1": None})
    server = Server(root / "score" / "multi_model.py", folder)
    with pytest.raises(ServerFailed, match=r"(?s)None of 2 models.*a:1: .*b:1: "), server:
        pass
