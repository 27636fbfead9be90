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

from deploy.checks.power_bi import power_bi_problems
from deploy.contract.inspection import documents, inspect
from deploy.servers.azmlinfsrv import Server
from tests.contract.powerbi import NotForPowerBI, invoke, parameters
from tests.nearly import nearly

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
@pytest.mark.parametrize("made_by", ["server", "deploy swagger"])
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
    """A batch of any size is answered with the model's own predictions."""
    rows = rows_of(door, count)
    model = joblib.load(model_of(door) / "model.joblib")
    results = invoke(serve(door).url, records(rows))
    assert results == nearly(model.predict(rows).tolist() if count else [])


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
    assert results == nearly([dict(zip(names, row, strict=True)) for row in expected])


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


#: As Power Query sends them, whose date-times have no offset.
MIXED = {
    "word": "text",
    "when": "datetime",
    "whole": "whole number",
    "number": "decimal number",
    "flag": "true/false",
}


@pytest.fixture(scope="module")
def mixed_server(start_server: Callable[..., Server]) -> Server:
    """A door with a column of each type that Power BI knows."""
    entry = ROOT / "tests" / "data" / "entries" / "mixed.py"
    return start_server(entry, None, app_root=ROOT / "score")


@pytest.mark.parametrize("made_by", ["server", "deploy swagger"])
def test_every_type_is_a_parameter(mixed_server: Server, made_by: str) -> None:
    """Text, date-time, whole number, decimal number and true/false are told apart."""
    if made_by == "server":
        document = requests.get(f"{mixed_server.url}/swagger.json", timeout=60).json()
    else:
        document = documents(inspect(mixed_server))["swagger2.json"]
    assert parameters(document) == {**MIXED, "method": "text"}
    assert power_bi_problems(document) == []


@pytest.mark.parametrize("count", [0, 1, 5000])
def test_a_mixed_batch_in_order(mixed_server: Server, count: int) -> None:
    """Rows of every type arrive as they were sent, each answered in its place."""
    rows = [
        {
            "word": f"w{index * 7 % 11}",
            "when": f"2024-01-{index % 28 + 1:02}T03:04:05",
            "whole": index,
            "number": index / 8,
            "flag": index % 3 == 0,
        }
        for index in range(count)
    ]
    expected = ["|".join(map(str, row.values())) for row in rows]
    assert invoke(mixed_server.url, rows) == expected


def renamed(document: Any) -> None:
    schema = document["definitions"]["ServiceInput"]
    schema["properties"]["inputs"] = schema["properties"].pop("Inputs")


def nested(document: Any) -> None:
    columns(document)["bmi"] = {"type": "object", "properties": {"value": {"type": "number"}}}


def timed(document: Any) -> None:
    columns(document)["bmi"] = {"type": "string", "format": "time"}


def untyped(document: Any) -> None:
    columns(document)["bmi"] = {}


def directly(document: Any) -> None:
    inputs = document["definitions"]["ServiceInput"]["properties"]
    inputs["Inputs"] = inputs["Inputs"]["properties"]["data"]


def deep(document: Any) -> None:
    inputs = document["definitions"]["ServiceInput"]["properties"]
    inputs["GlobalParameters"]["properties"]["tags"] = {"type": "array", "items": {}}


def answered(document: Any) -> Any:
    return document["definitions"]["ServiceOutput"]["properties"]


def lower_case(document: Any) -> None:
    answered(document)["results"] = answered(document).pop("Results")


def one_result(document: Any) -> None:
    answered(document)["Results"] = {"type": "number"}


def lists(document: Any) -> None:
    answered(document)["Results"]["items"] = {"type": "array", "items": {"type": "number"}}


def deep_records(document: Any) -> None:
    record = {"type": "object", "properties": {"a": {"type": "object"}}}
    answered(document)["Results"]["items"] = {"x-one-of": [record]}


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
        (directly, "Inputs: array"),
        (deep, "GlobalParameters.tags: array"),
        (lower_case, "Results: missing; there is results"),
        (one_result, "Results: not an array"),
        (lists, "Results: Results is array"),
        (deep_records, "Results: a is object"),
    ],
)
def test_what_power_bi_cannot_use_is_named(
    serve: Callable[[str], Server], spoil: Callable[[Any], None], named: str
) -> None:
    """The check itself fails, with the field's name, where Power BI would not offer it."""
    document = deepcopy(requests.get(f"{serve('score').url}/swagger.json", timeout=60).json())
    parameters(document)
    assert power_bi_problems(document) == []
    spoil(document)
    assert named.partition(":")[0].partition(".")[0] in power_bi_problems(document)[0]
    with pytest.raises(NotForPowerBI, match=named):
        parameters(document)
