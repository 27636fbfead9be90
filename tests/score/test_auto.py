"""The door without code, over HTTP under the real azmlinfsrv, compared with direct predictions."""

from __future__ import annotations

import hashlib
import json
import re
import warnings
from pathlib import Path
from typing import Any

import joblib
import pandas as pd
import pytest
import requests
from openapi_spec_validator import validate
from sklearn.cluster import DBSCAN
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression, Ridge

from deploy.servers.azmlinfsrv import Server, ServerFailed
from tests.conftest import StartServer
from tests.estimators import ESTIMATORS, HOMES, IRIS, NAMES, check, fitted, records

#: Each takes a server of its own; tests/score/test_multi_model.py serves all families at once.
SERVED_ALONE = [
    "linear classifier, text labels",
    "tree on a matrix",
    "forest",
    "boosting with nulls",
    "voting",
    "neighbours",
    "support vectors",
    "discriminant",
    "neural network",
    "cross decomposition",
    "several outputs",
    "clusters",
    "outliers",
    "search",
    "texts",
    "mixed columns",
]


def post(server: Server, body: object) -> requests.Response:
    return requests.post(server.score_url, json=body, timeout=60)


@pytest.mark.parametrize("family", SERVED_ALONE)
def test_every_family_scores_as_it_does_directly(root: Path, tmp_path: Path, family: str) -> None:
    """Numbers, labels, clusters and records are what the estimator itself answers."""
    model, table = fitted(family), ESTIMATORS[family][1]
    joblib.dump(model, tmp_path / "model.joblib")
    with Server(root / "score" / "auto.py", tmp_path / "model.joblib") as server:
        answer = post(server, {"Inputs": {"data": records(table)}})
        assert answer.status_code == 200, answer.text
        check(answer.json()["Results"], model.predict(table))
        if hasattr(model, "predict_proba"):
            parameters = {"method": "predict_proba"}
            body = {"Inputs": {"data": records(table)}, "GlobalParameters": parameters}
            shares = post(server, body).json()["Results"]
            classes = model.classes_.tolist()
            assert list(shares[0]) == [c if type(c) is str else json.dumps(c) for c in classes]
            check(shares, model.predict_proba(table))


@pytest.fixture(scope="module")
def mixed(
    start_server: StartServer, root: Path, tmp_path_factory: pytest.TempPathFactory
) -> Server:
    """A pipeline of text and number columns, without a sample."""
    path = tmp_path_factory.mktemp("mixed") / "model.joblib"
    joblib.dump(fitted("mixed columns"), path)
    return start_server(root / "score" / "auto.py", path)


HOME = {"town": "north", "area": 60.0, "heating": "gas", "note": "a flat"}


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"town": "atlantis"}, "Inputs.data[0].town"),
        ({"town": None}, "Inputs.data[0].town"),
        ({"area": "big"}, "Inputs.data[0].area"),
        ({"note": 3}, "Inputs.data[0].note"),
        ({"heating": ["gas"]}, "Inputs.data[0].heating"),
        ({"garden": True}, "Inputs.data[0].garden"),
    ],
)
def test_the_clients_fault_is_named(mixed: Server, change: dict[str, Any], where: str) -> None:
    """A category the encoder does not know, like any wrong cell, is a 400 that names it."""
    answer = post(mixed, {"Inputs": {"data": [HOME | change]}})
    assert answer.status_code == 400
    assert [error["where"] for error in answer.json()["errors"]] == [where]


@pytest.mark.parametrize("change", [{"heating": "coal"}, {"area": None}, {"note": ""}])
def test_what_the_pipeline_takes_is_accepted(mixed: Server, change: dict[str, Any]) -> None:
    """What an encoder ignores and an imputer fills is no error."""
    rows = [HOME | change]
    answer = post(mixed, {"Inputs": {"data": rows}})
    assert answer.status_code == 200
    frame = pd.DataFrame(rows).astype({"area": "float64"})
    check(answer.json()["Results"], fitted("mixed columns").predict(frame))


def test_zero_rows(mixed: Server) -> None:
    """No rows give no results."""
    assert post(mixed, {"Inputs": {"data": []}}).json() == {"Results": []}


@pytest.mark.parametrize("version", ["2", "3", "3.1"])
def test_the_swagger_is_the_models(mixed: Server, version: str) -> None:
    """The document made from the model is valid, and the service accepts its own example."""
    url = f"{mixed.url}/swagger.json?version={version}"
    document = requests.get(url, timeout=60).json()
    validate(document)
    schemas = document.get("definitions") or document["components"]["schemas"]
    service = schemas["ServiceInput"]
    assert service["required"] == ["Inputs"]
    row = service["properties"]["Inputs"]["properties"]["data"]["items"]["properties"]
    assert row["town"]["enum"] == ["north", "south", "west"]
    assert [row[name]["type"] for name in ("area", "note")] == ["number", "string"]
    answer = post(mixed, service["example"])
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("request_", [{}, {"GlobalParameters": {}}, {"Inputs": None}])
def test_inputs_are_required(mixed: Server, request_: Any) -> None:
    """A request without Inputs is refused by name."""
    answer = post(mixed, request_)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["where"] == "Inputs"


def test_a_get_without_question_is_refused(mixed: Server) -> None:
    """GET /score alone points to the description."""
    answer = requests.get(mixed.score_url, timeout=60)
    assert answer.status_code == 400
    assert "?describe" in answer.json()["message"]


def test_the_sample_beside_the_model_decides(
    start_server: StartServer, root: Path, tmp_path: Path
) -> None:
    """With sample, manifest and model, the columns are the sample's and the description whole."""
    folder = tmp_path / "azureml-models" / "iris" / "12"
    folder.mkdir(parents=True)
    model = LogisticRegression(max_iter=900).fit(IRIS.to_numpy(), NAMES)
    joblib.dump(model, folder / "model.joblib")
    columns = ["sepal_length", "sepal_width", "petal_length", "petal_width"]
    (folder / "sample_input.json").write_text(json.dumps([dict.fromkeys(columns, 1.5)]))
    digest = hashlib.sha256((folder / "model.joblib").read_bytes()).hexdigest()
    record = {
        "file": "model.joblib",
        "sha256": digest,
        "libraries": {"scikit-learn": "1.0.2"},
        "trained_at": "2026-01-01T00:00:00Z",
        "by": "a test",
    }
    (folder / "models.json").write_text(json.dumps({"models": [record]}))
    server = start_server(root / "score" / "auto.py", folder)
    rows = [dict(zip(columns, row, strict=True)) for row in IRIS.to_numpy().tolist()]
    results = post(server, {"Inputs": {"data": rows}}).json()["Results"]
    check(results, model.predict(IRIS.to_numpy()))

    answer = requests.get(f"{server.score_url}?describe", timeout=60)
    assert answer.headers["Content-Type"] == "application/json"
    (described,) = answer.json()["models"]
    assert (described["name"], described["version"]) == ("iris", "12")
    assert (described["sha256"], described["verified"]) == (digest, True)
    assert described["library_mismatches"]["scikit-learn"]["trained"] == "1.0.2"
    assert re.match(r"\d{4}-\d\d-\d\dT", described["loaded_at"])
    assert str(tmp_path) not in answer.text
    assert "trained with scikit-learn 1.0.2; this service has" in server.log()


def mlflow_model(folder: Path) -> Path:
    with warnings.catch_warnings():
        # MLflow warns about its own type hints when it is imported.
        warnings.simplefilter("ignore")
        from mlflow import sklearn
        from mlflow.models import ModelSignature
        from mlflow.types import ColSpec, Schema

        model = Ridge().fit(HOMES[["area"]].fillna(0.0).to_numpy(), range(len(HOMES)))
        signature = ModelSignature(Schema([ColSpec("double", "square_metres")]))
        sklearn.save_model(model, str(folder / "mlflow"), signature=signature)
    return folder / "mlflow"


def test_an_mlflow_signature_gives_the_columns(root: Path, tmp_path: Path) -> None:
    """Where the estimator knows no names, the signature's are used."""
    with Server(root / "score" / "auto.py", mlflow_model(tmp_path)) as server:
        answer = post(server, {"Inputs": {"data": [{"square_metres": 50.0}]}})
        assert answer.status_code == 200, answer.text
        described = requests.get(f"{server.score_url}?describe", timeout=60).json()
    assert described["models"][0]["format"] == "mlflow"


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (DBSCAN().fit(IRIS), r"model.joblib \(DBSCAN\) has no predict\(\)"),
        (IsotonicRegression().fit([1, 2], [1, 2]), "does not tell its input columns.*Put sample"),
        ("not a model", r"\(str\) has no predict"),
    ],
)
def test_what_cannot_be_served_says_why(
    root: Path, tmp_path: Path, model: Any, message: str
) -> None:
    """The service does not start, and one sentence says what to do."""
    joblib.dump(model, tmp_path / "model.joblib")
    server = Server(root / "score" / "auto.py", tmp_path)
    with pytest.raises(ServerFailed, match=rf"init\(\) of auto.py failed with .*{message}"), server:
        pass


def test_a_model_from_automl_without_its_packages(root: Path, tmp_path: Path) -> None:
    """A pickle of classes that are not installed names the module and env.yml."""
    (tmp_path / "model.pkl").write_bytes(b"cazureml.automl.runtime\nModel\n)R.")
    server = Server(root / "score" / "auto.py", tmp_path)
    with (
        pytest.raises(ServerFailed, match=r"needs the Python module 'azureml\S+'.*env.yml"),
        server,
    ):
        pass
