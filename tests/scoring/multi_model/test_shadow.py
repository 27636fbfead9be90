"""The model that scores along: its line in the log, and that nothing else shows of it."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest
from scoring.errors import ModelNotFound
from scoring.models.discovery import find_models
from scoring.multi_model.catalog import Catalog
from scoring.multi_model.shadow import Shadow, compare
from scoring.settings import Settings

from tests.several import constant, write

ROWS = [{"x0": 1.0}, {"x0": 2.0}]


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    """Two versions of one column, and a model of two columns."""
    models = {"m/1": constant(1.0), "m/2": constant(3.0), "wide/1": constant(1.0, columns=2)}
    return Catalog(find_models(write(tmp_path, models)), Settings())


def line_of(shadow: Shadow, caplog: pytest.LogCaptureFixture, scored: tuple[str, str]) -> Any:
    with caplog.at_level(logging.INFO, logger="azmlinfsrv.scoring"):
        caplog.clear()
        shadow.follow(ROWS, "predict", scored, [1.0, 1.0], "r-1")
        shadow._thread.shutdown(wait=True)
    lines = [record.getMessage() for record in caplog.records if "shadow" in record.getMessage()]
    return [json.loads(line) for line in lines]


def test_the_line_tells_how_far_it_is_off(
    catalog: Catalog, caplog: pytest.LogCaptureFixture
) -> None:
    """Its results, in how many rows they differ and by how much, under the request's id."""
    (line,) = line_of(Shadow(catalog, "m", "2"), caplog, ("m", "1"))
    assert line == {
        "request_id": "r-1",
        "shadow": "m:2",
        "answered_by": "m:1",
        "skipped_before": 0,
        "rows": 2,
        "differing": 2,
        "largest_difference": 2.0,
        "results": [3.0, 3.0],
    }


def test_a_model_is_not_its_own_shadow(catalog: Catalog, caplog: pytest.LogCaptureFixture) -> None:
    """What the shadow has answered itself is not scored again."""
    assert line_of(Shadow(catalog, "m", "2"), caplog, ("m", "2")) == []


def test_a_failing_shadow_says_no_value(catalog: Catalog, caplog: pytest.LogCaptureFixture) -> None:
    """Rows that are not the shadow's are one line with the kind of error, without the rows."""
    (line,) = line_of(Shadow(catalog, "wide", "1"), caplog, ("m", "1"))
    assert line["failed"] == "InvalidInput"
    assert "x0" not in json.dumps(line)


def test_an_unknown_shadow_stops_the_start(catalog: Catalog) -> None:
    """The setting must name a model that is there."""
    with pytest.raises(ModelNotFound, match="no version '3'"):
        Shadow(catalog, "m", "3")


@pytest.mark.parametrize(
    ("own", "answered", "expected"),
    [
        ([1.0, 2], [1.0, 5.5], {"differing": 1, "largest_difference": 3.5}),
        (["a", "b"], ["a", "c"], {"differing": 1}),
        ([1.0], ["a"], {"differing": 1}),
        ([None], [1.0], {"differing": 1}),
        ([{"a": 1.0}], [{"a": 1.0}], {"differing": 0}),
        ([], [], {"differing": 0}),
    ],
)
def test_compare(own: list[Any], answered: list[Any], expected: dict[str, Any]) -> None:
    """Numbers have a distance; labels, records and nothing are the same or not."""
    assert compare(own, answered) == expected
