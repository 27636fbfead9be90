"""deploy.checks.privacy: no example tells something about a real person."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deploy.checks.privacy import (
    Undeclared,
    private_published,
    private_values,
    private_words,
    synthetic_fields,
)
from deploy.contract.inspection import inspect
from deploy.servers.azmlinfsrv import Server
from tests.doors import DOORS

ROOT = Path(__file__).resolve().parents[3]

#: Doors without a sample of JSON.
OTHERS = {"image", "spark_table"}
WITH_SAMPLE = [door for door in DOORS if door not in OTHERS]


@pytest.mark.parametrize(
    "sample",
    [
        {"contact": "ada@example.org"},
        {"note": "write to ada@example.org please"},
        {"rows": [{"who": "Ada Lovelace"}]},
        {"who": "Ada B. Lovelace"},
        {"who": "Jean-Luc O'Neil"},
        {"last_name": "x"},
        {"Patient Name": "unknown"},
    ],
)
def test_what_looks_private_is_refused(sample: Any) -> None:
    """Addresses, capitalised names and fields that hold names are named with their path."""
    (sentence,) = private_values(sample)
    assert sentence.startswith(next(iter(sample)))
    assert "SYNTHETIC" in sentence


@pytest.mark.parametrize(
    "sample",
    [
        {"species": "setosa", "method": "predict"},
        {"when": "2024-01-02T03:04:05Z", "unit": "m@s"},
        {"feature_name": "bmi", "filename": "a.png"},
        {"city": "Berlin", "code": "AB CD", "n": 1.5, "none": None},
    ],
)
def test_other_words_pass(sample: Any) -> None:
    """Labels, dates and codes are not taken for persons."""
    assert private_values(sample) == []


def test_invented_values_are_declared(tmp_path: Path) -> None:
    """A field named in the script's SYNTHETIC passes, another does not."""
    script = tmp_path / "script.py"
    script.write_text('import os\nSYNTHETIC = ("who",)\n')
    assert synthetic_fields(script) == ("who",)
    sample = {"who": "Ada Lovelace", "contact": "ada@example.org"}
    assert len(private_values(sample, allowed=synthetic_fields(script))) == 1
    script.write_text("import os\n")
    assert synthetic_fields(script) == ()


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ('SYNTHETIC: tuple[str, ...] = ("who",)', ("who",)),
        ('SYNTHETIC = ("who")', ("who",)),
        ('SYNTHETIC = ["who", "where"]', ("who", "where")),
        ('A = SYNTHETIC = {"who"}', ("who",)),
        ("SYNTHETIC = ()", ()),
    ],
)
def test_every_way_to_write_the_fields(tmp_path: Path, said: str, fields: Any) -> None:
    """A text, a tuple, a list and a set are read, with or without a type."""
    script = tmp_path / "script.py"
    script.write_text(said)
    assert synthetic_fields(script) == fields


@pytest.mark.parametrize(
    "said",
    ["SYNTHETIC = NAMES", "SYNTHETIC: tuple", "SYNTHETIC += ('who',)", "SYNTHETIC = (1,)",
     "SYNTHETIC = {'who': 1}", "SYNTHETIC = {[]}"],
)  # fmt: skip
def test_what_cannot_be_read_is_said(tmp_path: Path, said: str) -> None:
    """Fields that are not written there end with the line and how to write them."""
    script = tmp_path / "script.py"
    script.write_text(f"NAMES = ('who',)\n{said}\n")
    with pytest.raises(Undeclared, match=r"script.py:2: .* SYNTHETIC = \("):
        synthetic_fields(script)


CLASSES = {"type": "object", "properties": {"Karl K. Marx": {"type": "number"}}}
CATEGORIES = {"type": "string", "enum": ["A1", "ada@example.org"]}


@pytest.mark.parametrize(
    ("schemas", "where", "field"),
    [
        ({"request": {"properties": {"who": CATEGORIES}}}, "request.who (enum)[1]", "who"),
        ({"request": {"properties": {"a@example.org": {}}}}, "the name of a field of request",
         "a@example.org"),
        ({"answer": {"properties": {"Results": {"items": {"x-one-of": [CLASSES]}}}}},
         "the name of a field of answer.Results", "Results"),
        ({"answer": {"properties": {"Results": {"additionalProperties": CLASSES}}}},
         "the name of a field of answer.Results", "Karl K. Marx"),
        ({"request": {"properties": {"who": {"example": "Ada Lovelace"}}}},
         "request.who (example)", "who"),
    ],
)  # fmt: skip
def test_words_of_a_schema(schemas: Any, where: str, field: str) -> None:
    """Categories, classes and inner examples are looked at, and pass when they are declared."""
    (sentence,) = private_words(schemas)
    assert sentence.startswith(where)
    assert private_words(schemas, allowed=[field]) == []


def test_columns_are_no_persons() -> None:
    """The capitalised name of a column is not taken for a person's."""
    assert private_words({"request": {"properties": {"Sepal Length": {"type": "number"}}}}) == []


def test_a_document() -> None:
    """Of a published document both the examples and the schemas are looked at."""
    request = {"properties": {"who": CATEGORIES}, "example": {"who": "Ada Lovelace"}}
    document = {"definitions": {"ServiceInput": request, "ServiceOutput": CLASSES}}
    assert len(private_published(document)) == 3
    assert private_published(document, allowed=["who", "Karl K. Marx"]) == []


@pytest.mark.parametrize("door", WITH_SAMPLE)
def test_our_samples_are_nobodys(
    start_server: Callable[..., Server], model_of: Callable[[str], Path], door: str
) -> None:
    """No door publishes a sample that looks private."""
    entry = ROOT / "score" / f"{door}.py"
    service = inspect(start_server(entry, model_of(door)))
    allowed = synthetic_fields(entry)
    assert private_values([service.request_example, service.answer_example], allowed) == []
    assert private_words({"request": service.request, "answer": service.answer}, allowed) == []


def test_the_contract_is_nobodys() -> None:
    """No recorded request or answer of a door looks private."""
    recorded = [
        path
        for path in (ROOT / "clients" / "contract").rglob("*.json")
        if not path.name.startswith("swagger")
    ]
    assert recorded
    for path in recorded:
        entry = ROOT / "score" / f"{path.parent.name}.py"
        assert private_values(json.loads(path.read_text()), synthetic_fields(entry)) == [], path
