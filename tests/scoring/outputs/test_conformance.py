"""scoring.outputs.conformance: an answer that was not declared is an error, not a wrong answer."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pandas as pd
import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from inference_schema.parameter_types.numpy_parameter_type import NumpyParameterType
from inference_schema.parameter_types.pandas_parameter_type import PandasParameterType
from inference_schema.parameter_types.standard_py_parameter_type import StandardPythonParameterType
from inference_schema.schema_decorators import output_schema
from scoring.errors import OutputMismatch
from scoring.outputs.conformance import check, declared_output
from scoring.outputs.encoding import plain
from scoring.parameters.array import Array
from scoring.parameters.results import Results
from scoring.parameters.table import Table

from deploy.servers.azmlinfsrv import Server

NUMBER = count()
ENTRIES = Path(__file__).resolve().parents[2] / "data" / "entries"


def declared(sample: Any) -> Any:
    """Return the schema of a run() decorated with this sample, by inference-schema itself."""

    def run(x: Any) -> Any:
        return x

    # inference-schema's registry is keyed by name and refuses a second declaration.
    run.__name__ = f"run_{next(NUMBER)}"
    return declared_output(output_schema(sample)(run))


def rows(**cells: Any) -> list[dict[str, Any]]:
    """Return two rows like the declared ones, with these cells in the second."""
    good = {str(name): WIDE[name].iloc[0] for name in WIDE}
    return [good, {**good, **cells}]


NUMBERS = declared(Results(predict=1.5))
LABELS = declared(Results(predict="a", predict_proba={"a": 0.5, "b": 0.5}))
ARRAY = declared(NumpyParameterType(np.array([[1.0, 2.0]])))
TABLE = declared(
    PandasParameterType(pd.DataFrame({"n": [1], "when": pd.to_datetime(["2024-01-02"])}))
)
WIDE = pd.DataFrame(
    {
        "kind": pd.Categorical(["red"], categories=["red", "green"]),
        "byte": np.array([1], np.uint8),
        "single": np.array([1.5], np.float32),
        "day": [dt.date(2024, 1, 2)],
        "clock": [dt.time(1, 2, 3)],
        "lasting": pd.to_timedelta(["1h"]),
        "when": pd.to_datetime(["2024-01-02"]),
        "raw": [b"a"],
        "maybe": pd.array([None], dtype="Int64"),
    }
)
FORMS = declared(Table(WIDE))
NESTED = declared(StandardPythonParameterType({"a": {"b": [1]}, "ok": True}))
NOTHING = declared(StandardPythonParameterType({"Results": []}))


@pytest.mark.parametrize(
    ("schema", "result"),
    [
        (NUMBERS, {"Results": np.array([1.5, np.nan])}),
        (NUMBERS, {"Results": [1, 2.5, None]}),
        (NUMBERS, {"Results": []}),
        (LABELS, {"Results": ["a", "b"]}),
        (LABELS, {"Results": pd.DataFrame({"a": [0.1], "b": [0.9]})}),
        (ARRAY, np.array([[1.0, 2.0], [3.0, 4.0]])),
        (TABLE, pd.DataFrame({"n": [1], "when": pd.to_datetime(["2024-01-02T03:04:05Z"])})),
        (NESTED, {"a": {"b": (1, 2)}, "ok": np.bool_(False)}),
        (NOTHING, {"Results": ["anything", 1]}),
        (FORMS, WIDE),
        (FORMS, rows(kind="green", byte=255, single=-3.4e38, lasting=dt.timedelta(-1, 0.5))),
        (FORMS, rows(clock=dt.time(1, tzinfo=dt.timezone(dt.timedelta(hours=9))), raw=b"\xff")),
    ],
)
def test_what_was_declared_passes(schema: Any, result: Any) -> None:
    """A result of the sample's shape and types is accepted."""
    check(plain(result), schema)


@pytest.mark.parametrize(
    ("schema", "result", "message"),
    [
        (NUMBERS, {"results": [1.5]}, "the result: declared an object with Results, returned one"),
        (NUMBERS, {}, "one without Results"),
        (NUMBERS, {"Results": [1.5], "more": 1}, "one with 'more'"),
        (NUMBERS, [1.5], "returned a list of 1"),
        (NUMBERS, {"Results": 1.5}, "the result.Results: declared array, returned float"),
        (NUMBERS, {"Results": [1.5, "a"]}, r"Results\[1\]: declared number \(double\), returned s"),
        (NUMBERS, {"Results": [True]}, r"Results\[0\]: .* returned bool"),
        (NUMBERS, {"Results": [[1.5]]}, r"Results\[0\]: .* returned a list of 1"),
        (LABELS, {"Results": ["a", None]}, r"Results\[1\]: .* returned null"),
        (LABELS, {"Results": ["a", {"a": 0.1, "b": 0.9}]}, "Results: declared array"),
        (LABELS, {"Results": [{"a": 0.1}]}, r"Results\[0\]: declared string or an object"),
        (ARRAY, np.array([1.0]), r"\[0\]: declared array, returned float"),
        (TABLE, [{"n": 1.5, "when": "2024-01-02T03:04:05Z"}], r"\[0\].n: declared integer"),
        (TABLE, [{"n": 1, "when": "yesterday"}], r"\[0\].when: declared string \(date-time\)"),
        (NESTED, {"a": {"b": [1, "x"]}, "ok": True}, r"result.a.b\[1\]: declared integer"),
        (NESTED, {"a": {"b": [1]}, "ok": 1}, "result.ok: declared boolean, returned int"),
        (
            NESTED,
            {"a": {"b": [2**63]}, "ok": True},
            r"declared integer \(int64\), returned another",
        ),
        (NUMBERS, {"Results": [10**400]}, r"number \(double\), returned another int"),
        (FORMS, rows(kind="zebra"), "kind: declared string: 'red', 'green', returned another str"),
        (FORMS, rows(byte=256), r"byte: declared integer from 0 to 255, returned another int"),
        (FORMS, rows(byte=-1), r"byte: declared integer from 0 to 255, returned another int"),
        (FORMS, rows(single=1e300), r"single: .* from -3.4028\S* to 3.4028\S*, returned another"),
        (FORMS, rows(single=-1e300), r"single: .* returned another float"),
        (FORMS, rows(day="2024-13-45"), r"day: declared string \(date\), returned another str"),
        (FORMS, rows(clock="teatime"), r"clock: declared string \(time\), returned another str"),
        (
            FORMS,
            rows(lasting="an hour"),
            r"lasting: declared string \(duration\), returned another",
        ),
        (FORMS, rows(when="2024-02-30T00:00:00Z"), r"when: declared string \(date-time\)"),
        (FORMS, rows(raw="not base64!"), r"raw: declared string \(byte\), returned another str"),
        (FORMS, rows(maybe=2**63), "maybe: declared integer .* returned another int"),
    ],
)
def test_what_was_not_declared_is_named(schema: Any, result: Any, message: str) -> None:
    """A result of another shape or type raises, naming the first value that differs."""
    with pytest.raises(OutputMismatch, match=message):
        check(plain(result), schema)


WIDTH = {"type": "array", "minItems": 2, "maxItems": 2, "items": {"type": "integer"}}


def test_one_end_of_a_range_is_held() -> None:
    """Where the declaration has a least number only, the largest is that of its format."""
    schema = {"type": "integer", "format": "int32", "minimum": 0}
    check(2**31 - 1, schema)
    for value in (-1, 2**31):
        with pytest.raises(OutputMismatch, match="from 0 to 2147483647, returned another int"):
            check(value, schema)


def test_widths_are_held() -> None:
    """Where the declaration fixes a length, another length is a mismatch."""
    check([1, 2], WIDTH)
    with pytest.raises(OutputMismatch, match="declared an array of 2 to 2, returned a list of 3"):
        check([1, 2, 3], WIDTH)


scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()


@pytest.mark.parametrize("schema", [ARRAY, TABLE, NESTED, WIDTH], ids=lambda s: s["type"])
@given(
    value=st.recursive(
        scalars,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.fixed_dictionaries({"a": inner, "ok": inner})
            | st.fixed_dictionaries({"b": inner})
            | st.fixed_dictionaries({"n": inner, "when": inner})
        ),
    )
)
def test_verdicts_agree_with_jsonschema(schema: Any, value: Any) -> None:
    """What we accept, an independent validator accepts."""
    value = plain(value)
    try:
        check(value, schema)
    except OutputMismatch:
        return
    # 3.0 calls 2.0 an integer; we do not, so the comparison runs one way.
    jsonschema.validate(value, schema)


BYTES = declared(Array(np.zeros(1, np.int8)))["items"]


@given(values=st.lists(st.integers(-200, 200), max_size=3))
def test_ranges_agree_with_jsonschema(values: list[int]) -> None:
    """A number is refused exactly where an independent validator refuses it."""
    schema = {"type": "array", "items": BYTES}
    try:
        check(values, schema)
    except OutputMismatch:
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(values, schema)
    else:
        jsonschema.validate(values, schema)


@pytest.mark.parametrize("kind", ["int8", "uint16", "int32", "uint64"])
def test_a_format_has_a_range(kind: str) -> None:
    """The types that inference-schema itself declares have the range of numpy's."""
    info = np.iinfo(kind)
    schema = declared(NumpyParameterType(np.zeros(1, kind)))
    check([int(info.min), int(info.max)], schema)
    for value in (int(info.min) - 1, int(info.max) + 1):
        with pytest.raises(OutputMismatch, match="returned another int"):
            check([value], schema)


def test_undeclared_is_none() -> None:
    """A run() without @output_schema has no declaration to be held against."""

    def bare(x: Any) -> Any:
        return x

    assert declared_output(bare) is None


@pytest.fixture
def wrong_output(start_server: Callable[..., Server], root: Path) -> Server:
    # The app root is score/, so that the entry finds the library.
    return start_server(ENTRIES / "wrong_output.py", None, app_root=root / "score")


@pytest.mark.parametrize("case", ["renamed", "text", "bare", "unsendable"])
def test_a_mismatch_is_a_500_with_the_reason_in_the_log(wrong_output: Server, case: str) -> None:
    """The client learns the request id only; the log has the declared and the returned."""
    headers = {"x-request-id": f"mismatch-{case}"}
    answer = requests.post(wrong_output.score_url, json={"case": case}, headers=headers, timeout=60)
    assert answer.status_code == 500
    assert answer.json()["request_id"] == f"mismatch-{case}"
    assert "declared" not in answer.text
    log = wrong_output.log().partition(f"mismatch-{case}")[2]
    assert re.search(r"OutputMismatch: (the result.*declared .*returned|run\(\) returned)", log)
    assert "secret-text" not in wrong_output.log()


@pytest.fixture
def declared_table(start_server: Callable[..., Server], root: Path) -> Server:
    return start_server(ENTRIES / "declared_table.py", None, app_root=root / "score")


def test_what_the_schema_says_of_values_is_held(declared_table: Server) -> None:
    """A category, number or form that the published schema does not allow is a 500."""
    url = declared_table.score_url
    answer = requests.post(url, json={"case": "right"}, timeout=60)
    assert (answer.status_code, len(answer.json())) == (200, 1)
    swagger = requests.get(f"{declared_table.url}/swagger.json", timeout=60).json()
    columns = swagger["definitions"]["ServiceOutput"]["items"]["properties"]
    assert len(columns) == 8
    for case in columns:
        answer = requests.post(url, json={"case": case}, headers={"x-request-id": case}, timeout=60)
        assert (case, answer.status_code) == (case, 500)
        assert answer.json()["request_id"] == case
        assert f"OutputMismatch: the result[0].{case}: declared" in declared_table.log()
    assert "secret-text" not in declared_table.log()


def test_a_match_is_a_200(wrong_output: Server) -> None:
    """NaN in a float result is the null that was declared."""
    answer = requests.post(wrong_output.score_url, json={"case": "right"}, timeout=60)
    assert (answer.status_code, answer.json()) == (200, {"Results": [1.5, None]})
