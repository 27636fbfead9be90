"""The Spark door over HTTP under the real azmlinfsrv, and SparkTable in a real local session.

Both in one file: Spark takes seconds to start, and the session that trains the model is the one
that makes the samples.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import diabetes_spark
import pyarrow as pa
import pytest
import requests
from openapi_spec_validator import validate
from scoring.errors import InvalidInput, ModelBroken, TooLarge
from scoring.parameters.nested import Nested
from scoring.parameters.spark_table import SparkTable
from scoring.settings import Settings
from scoring.spark_session import local_session
from sklearn.datasets import load_diabetes

from deploy.checks.privacy import private_values
from deploy.contract.inspection import documents, inspect
from deploy.servers.azmlinfsrv import Server
from tests.clients.kept import contract_differences
from tests.docs.documented import examples
from tests.nearly import nearly

pytestmark = pytest.mark.needs("java")

UTC = dt.timezone.utc

SCHEMA = """
    number DOUBLE NOT NULL, single FLOAT, byte TINYINT, short SMALLINT, whole INT NOT NULL,
    long BIGINT, flag BOOLEAN, word STRING, raw BINARY, day DATE, instant TIMESTAMP,
    clock TIMESTAMP_NTZ, lasting INTERVAL DAY TO SECOND, price DECIMAL(5, 2),
    items ARRAY<INT>, place STRUCT<x: DOUBLE NOT NULL, note: STRING>, counts MAP<STRING, INT>
"""
#: The same for Arrow: Spark takes its tables over without starting a Python worker.
ARROW = pa.schema(
    {
        "number": pa.float64(),
        "single": pa.float32(),
        "byte": pa.int8(),
        "short": pa.int16(),
        "whole": pa.int32(),
        "long": pa.int64(),
        "flag": pa.bool_(),
        "word": pa.string(),
        "raw": pa.binary(),
        "day": pa.date32(),
        "instant": pa.timestamp("us", "UTC"),
        "clock": pa.timestamp("us"),
        "lasting": pa.duration("us"),
        "price": pa.decimal128(5, 2),
        "items": pa.list_(pa.int32()),
        "place": pa.struct({"x": pa.float64(), "note": pa.string()}),
        "counts": pa.map_(pa.string(), pa.int32()),
    }
)
ROW = {
    "number": 1.5,
    "single": 0.5,
    "byte": 1,
    "short": 2,
    "whole": 3,
    "long": 4,
    "flag": True,
    "word": "a",
    "raw": "YWI=",
    "day": "2024-01-02",
    "instant": "2024-01-02T03:04:05+02:00",
    "clock": "2024-01-02T03:04:05Z",
    "lasting": "PT1H",
    "price": 1.25,
    "items": [1, None],
    "place": {"x": 1.5, "note": None},
    "counts": {"a": 1, "b": None},
}
READ = ROW | {
    "raw": b"ab",
    "day": dt.date(2024, 1, 2),
    "instant": dt.datetime(2024, 1, 2, 1, 4, 5, tzinfo=UTC),
    "clock": dt.datetime(2024, 1, 2, 3, 4, 5),
    "lasting": dt.timedelta(hours=1),
    "price": Decimal("1.25"),
}
NULLABLE = sorted(ROW.keys() - {"number", "whole"})


@pytest.fixture(scope="module", autouse=True)
def quick_java() -> Iterator[None]:
    """A JVM that starts sooner, because it never optimises what runs for seconds only."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
        yield


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the model that training/diabetes_spark.py writes."""
    folder = tmp_path_factory.mktemp("diabetes_spark") / "1"
    diabetes_spark.main(["--output", str(folder)])
    return folder


@pytest.fixture(scope="module")
def server(start_server: Callable[..., Server], root: Path, model: Path) -> Server:
    """`score/spark_table.py` with the model."""
    return start_server(root / "score" / "spark_table.py", model)


@pytest.fixture(scope="module")
def session(model: Path) -> Iterator[Any]:  # noqa: ARG001 - training ends the session it used
    """A Spark session of this process."""
    spark = local_session()
    yield spark
    spark.stop()


@pytest.fixture(scope="module")
def sample(session: Any) -> Any:
    """One row with a column of every type."""
    return session.createDataFrame(pa.Table.from_pylist([READ], schema=ARROW), SCHEMA)


@pytest.fixture(scope="module")
def table(sample: Any) -> SparkTable:
    return SparkTable(sample)


def read(frame: Any) -> list[Any]:
    rows: list[Any] = [row.asDict(recursive=True) for row in frame.collect()]
    for row in rows:
        if row["instant"] is not None:
            # Spark hands instants out in this machine's zone, without saying so.
            row["instant"] = row["instant"].astimezone(UTC)
    return rows


def wrong(table: SparkTable, row: Any) -> list[tuple[str, str, str]]:
    with pytest.raises(InvalidInput) as caught:
        table.convert([row], "t")
    return [(each.where, each.expected, each.found) for each in caught.value.problems]


def test_every_type_is_read(table: SparkTable, sample: Any) -> None:
    """Columns in any order become a DataFrame with the sample's schema and values, row by row."""
    nulls = ROW | dict.fromkeys(NULLABLE)
    frame = table.convert([dict(reversed(ROW.items())), nulls, ROW], "t")
    assert frame.schema == sample.schema
    assert read(frame) == [READ, READ | dict.fromkeys(NULLABLE), READ]


def test_zero_rows(table: SparkTable, sample: Any) -> None:
    """No rows are a DataFrame without rows, of the same schema."""
    frame = table.convert([], "t")
    assert (frame.schema, frame.count()) == (sample.schema, 0)


@pytest.mark.parametrize(
    ("key", "value", "where", "expected"),
    [
        ("number", None, "", "number"),
        ("number", "1", "", "number"),
        ("single", 1e39, "", None),
        ("byte", 128, "", "integer from -128 to 127 or null"),
        ("whole", 1.7, "", "integer from -2147483648 to 2147483647"),
        ("long", 2**63, "", "integer of 64 bits or null"),
        ("flag", 1, "", "boolean or null"),
        ("word", "\ud800", "", "string or null"),
        ("raw", "a", "", "base64 string or null"),
        ("day", "2024-02-30", "", None),
        ("instant", "2024-01-02T03:04:05.0000001Z", "", None),
        ("clock", 5, "", None),
        ("lasting", "1 hour", "", None),
        ("price", 1000, "", None),
        ("price", 1.255, "", None),
        ("price", 1e300, "", None),
        ("items", 5, "", None),
        ("items", [1, "x"], "[1]", "integer from -2147483648 to 2147483647 or null"),
        ("place", {"x": 1.5}, ".note", "string or null"),
        ("place", {"x": None, "note": "a"}, ".x", "number"),
        ("place", {"x": 1, "note": "a", "more": 1}, ".more", "no key of this name"),
        ("place", [], "", "object with x, note or null"),
        ("counts", {"a": "x"}, ".a", None),
        ("counts", {"\ud800": 1}, '["\\ud800"]', "a key of Unicode text"),
        ("counts", [], "", None),
    ],
)
def test_faults_are_named(
    table: SparkTable, key: str, value: Any, where: str, expected: str | None
) -> None:
    """A wrong value is named with its path, down into nested columns."""
    ((place, said, _),) = wrong(table, ROW | {key: value})
    assert place == f"t[0].{key}{where}"
    assert expected in (None, said)


def test_keys_are_checked(table: SparkTable) -> None:
    """A misspelt column is named with the nearest."""
    row = {("flags" if key == "flag" else key): value for key, value in ROW.items()}
    assert [found for _, _, found in wrong(table, row)] == [
        'nothing, but there is "flags"',
        "boolean true",
    ]


def test_the_example_is_accepted(table: SparkTable) -> None:
    """The Swagger's example is JSON that the table reads, with the sample's values."""
    example = json.loads(json.dumps(table.input_to_swagger()["example"]))
    (row,) = read(table.convert(example, "t"))
    assert row["instant"] == READ["instant"]
    assert row["price"] == READ["price"]


def test_the_schema_describes_nested_columns(table: SparkTable) -> None:
    """Every column is required, null is said where the schema allows it, objects say their keys."""
    items = table.input_to_swagger()["items"]
    assert items["required"] == list(ROW)
    properties = items["properties"]
    assert {name for name in properties if properties[name].get("x-nullable")} == set(NULLABLE)
    assert properties["place"]["required"] == ["x", "note"]
    assert properties["counts"]["additionalProperties"]["type"] == "integer"
    assert properties["items"]["items"]["x-nullable"]


def test_limits(sample: Any) -> None:
    """More rows than the limit are refused with its name."""
    table = SparkTable(sample, settings=Settings(max_rows=1))
    with pytest.raises(TooLarge, match="SCORING_MAX_ROWS"):
        table.convert([ROW, ROW], "t")


def test_optional_columns(sample: Any) -> None:
    """A column declared optional may be left out and is null then; one that cannot be is not."""
    row = {key: value for key, value in ROW.items() if key != "word"}
    assert read(SparkTable(sample, optional=["word"]).convert([row], "t"))[0]["word"] is None
    with pytest.raises(ValueError, match="number"):
        SparkTable(sample, optional=["number"])


def test_inside_other_types(sample: Any) -> None:
    """A Spark table stands inside a nested value as any other parameter type."""
    inputs = Nested({"data": SparkTable(sample)})
    assert inputs.convert({"data": [ROW]}, "Inputs")["data"].count() == 1
    with pytest.raises(InvalidInput, match=r"Inputs\.data: expected an array of objects"):
        inputs.convert({"data": 5}, "Inputs")


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("SELECT 1 AS a WHERE false", "one row"),
        ("SELECT map(1, 2) AS a", "column 'a' is of type map"),
        ("SELECT NULL AS a", "column 'a' is of type void"),
    ],
)
def test_samples_that_cannot_be_used(session: Any, query: str, says: str) -> None:
    """A sample that describes no input stops the service at start, with the column."""
    with pytest.raises(TypeError, match=says):
        SparkTable(session.sql(query))


def test_a_missing_java_is_named(root: Path) -> None:
    """Without Java the error has the line for env.yml, and Debian's package."""
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from scoring.spark_session import local_session; local_session()",
        ],
        cwd=root / "score",
        env={**os.environ, "JAVA_HOME": "/nonexistent"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr.splitlines()[-1].startswith("scoring.errors.ModelBroken: Spark did not")
    assert "'- openjdk=17'" in done.stderr


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without pyspark the error has the line for env.yml."""
    # Stands in for an environment without it: a module set to None is not importable.
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(ModelBroken, match=r"'- pyspark\[sql\]' to the pip list of env\.yml"):
        SparkTable(None)


PATIENTS = load_diabetes(as_frame=True).data[list(diabetes_spark.FEATURES)]


def post(server: Server, rows: Any) -> requests.Response:
    return requests.post(server.score_url, json={"Inputs": {"data": rows}}, timeout=60)


@pytest.mark.parametrize("rows", [0, 1, 442])
def test_scores_are_the_models_own(server: Server, session: Any, model: Path, rows: int) -> None:
    """Every row gets the pipeline's own prediction in its place; no rows get none."""
    from pyspark.ml import PipelineModel

    answer = post(server, PATIENTS.head(rows).to_dict("records"))
    pipeline = PipelineModel.load((model / "model").as_uri())
    scored = pipeline.transform(session.createDataFrame(PATIENTS)).collect()
    assert answer.status_code == 200
    assert answer.json() == {"Results": nearly([row.prediction for row in scored[:rows]])}


@pytest.mark.needs("curl")
def test_the_guides_request_gets_its_answer(root: Path, server: Server) -> None:
    """The request of docs/spark.md, pasted, is answered as printed."""
    (shown,) = examples(root / "docs" / "spark.md")
    assert shown.run(server.url) == shown.answer


def test_wrong_rows_are_named(server: Server) -> None:
    """A misspelt column, a null and a text are a 400 with their places."""
    row = PATIENTS.head(1).to_dict("records")[0]
    answer = post(server, [row, {**row, "bmi": None}, {**row, "bp": "high"}, {"agee": 1, **row}])
    assert answer.status_code == 400
    places = [error["where"] for error in answer.json()["errors"]]
    assert places == ["Inputs.data[1].bmi", "Inputs.data[2].bp", "Inputs.data[3].agee"]


@pytest.mark.parametrize("version", ["2", "3", "3.1"])
def test_the_swagger_is_valid_and_its_example_scored(server: Server, version: str) -> None:
    """The document holds in every version; the example in it is nobody's, and is answered."""
    url = f"{server.url}/swagger.json?version={version}"
    validate(requests.get(url, timeout=60).json())
    validate(documents(inspect(server))[f"swagger{version}.json"])
    example = inspect(server).request_example
    assert private_values(example) == []
    assert requests.post(server.score_url, json=example, timeout=60).status_code == 200


def test_the_contract_is_kept(server: Server) -> None:
    """Request, answer and documents in clients/contract are those of the live service."""
    assert contract_differences(server) == [], "the service has changed: make contract"
