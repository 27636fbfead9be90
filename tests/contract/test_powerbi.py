"""The tabular doors do what Power BI needs, under the real server."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
import pytest
import requests
from sklearn.datasets import load_diabetes, load_iris

from deploy.server import Server
from deploy.swagger import documents, inspect
from tests.contract.powerbi import NotForPowerBI, invoke, parameters

ROOT = Path(__file__).resolve().parents[2]
DATA = {
    "score": load_diabetes(as_frame=True).data,
    "classifier": load_iris(as_frame=True).data,
}


def rows_of(door: str, count: int) -> pd.DataFrame:
    """Return `count` rows, no two neighbours alike, so that a wrong order shows."""
    frame: pd.DataFrame = DATA[door]
    order = np.random.default_rng(0).permutation(np.arange(count) % len(frame))
    rows: pd.DataFrame = frame.iloc[order].reset_index(drop=True)
    return rows


def records(rows: pd.DataFrame) -> Any:
    return rows.to_dict("records")


@pytest.fixture(scope="module")
def serve(
    start_server: Callable[..., Server], model_of: Callable[[str], Path]
) -> Callable[[str], Server]:
    return lambda door: start_server(ROOT / "score" / f"{door}.py", model_of(door))


@pytest.mark.parametrize("door", DATA)
@pytest.mark.parametrize("made_by", ["server", "deploy.swagger"])
def test_every_field_is_a_parameter(
    serve: Callable[[str], Server], door: str, made_by: str
) -> None:
    """Each column of the table, and the method, becomes a scalar parameter of its own name."""
    server = serve(door)
    if made_by == "server":
        document = requests.get(f"{server.url}/swagger.json", timeout=60).json()
    else:
        document = documents(inspect(server))["swagger2.json"]
    expected = dict.fromkeys(DATA[door].columns, "decimal number")
    assert parameters(document) == {**expected, "method": "text"}


@pytest.mark.parametrize("count", [0, 1, 5000])
@pytest.mark.parametrize("door", DATA)
def test_one_result_per_row_in_order(
    serve: Callable[[str], Server], model_of: Callable[[str], Path], door: str, count: int
) -> None:
    """A batch of any size is answered with the model's own predictions, to the last bit."""
    rows = rows_of(door, count)
    model = joblib.load(model_of(door) / "model.joblib")
    results = invoke(serve(door).url, records(rows))
    assert results == (model.predict(rows).tolist() if count else [])


@pytest.mark.parametrize("count", [0, 1, 5000])
def test_probabilities_are_a_record_per_row(
    serve: Callable[[str], Server], iris_model: Path, count: int
) -> None:
    """predict_proba answers, for each row, one field per class by its name."""
    rows = rows_of("classifier", count)
    model = joblib.load(iris_model / "model.joblib")
    results = invoke(serve("classifier").url, records(rows), "predict_proba")
    expected = model.predict_proba(rows).tolist() if count else []
    names = ["setosa", "versicolor", "virginica"]
    assert results == [dict(zip(names, row, strict=True)) for row in expected]


def test_a_regressor_has_no_probabilities(serve: Callable[[str], Server]) -> None:
    """Asking a regressor for probabilities is refused with the methods it has."""
    body = {"Inputs": {"data": []}, "GlobalParameters": {"method": "predict_proba"}}
    answer = requests.post(serve("score").score_url, json=body, timeout=60)
    assert answer.status_code == 400
    assert answer.json()["errors"] == [
        {
            "where": "GlobalParameters.method",
            "expected": '"predict"',
            "found": 'string "predict_proba"',
        }
    ]


def renamed(document: Any) -> None:
    schema = document["definitions"]["ServiceInput"]
    schema["properties"]["inputs"] = schema["properties"].pop("Inputs")


def nested(document: Any) -> None:
    columns(document)["bmi"] = {"type": "object", "properties": {"value": {"type": "number"}}}


def timed(document: Any) -> None:
    columns(document)["bmi"] = {"type": "string", "format": "time"}


def untyped(document: Any) -> None:
    columns(document)["bmi"] = {}


def columns(document: Any) -> Any:
    inputs = document["definitions"]["ServiceInput"]["properties"]["Inputs"]
    return inputs["properties"]["data"]["items"]["properties"]


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (renamed, "Inputs: missing; there is .*inputs"),
        (nested, "Inputs.data.bmi: object"),
        (timed, "Inputs.data.bmi: string"),
        (untyped, "Inputs.data.bmi: untyped"),
    ],
)
def test_what_power_bi_cannot_use_is_named(
    serve: Callable[[str], Server], spoil: Callable[[Any], None], named: str
) -> None:
    """The check itself fails, with the field's name, where Power BI would not offer it."""
    document = deepcopy(requests.get(f"{serve('score').url}/swagger.json", timeout=60).json())
    parameters(document)
    spoil(document)
    with pytest.raises(NotForPowerBI, match=named):
        parameters(document)
