"""What a door with several models declares: what is true of all of them, and no more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
from scoring.models.discovery import find_models
from scoring.multi_model.catalog import Catalog
from scoring.multi_model.parameter_types import UNSURE, AnyResults, AnyTable
from scoring.settings import Settings

from tests.several import constant, write


def models(folder: Path) -> Any:
    write(
        folder,
        {
            "narrow/1": constant(1.0),
            "wide/1": constant("red", columns=2),
            "typed/1": constant(2.0),
        },
    )
    (folder / "typed" / "1" / "sample_input.json").write_text('[{"x0": "text"}]')
    return Catalog(find_models(folder), Settings()).loaded


def test_columns_are_the_union(tmp_path: Path) -> None:
    """Every column of any model, required what all need, a type only where all agree."""
    items = AnyTable(models(tmp_path), complete=True).input_to_swagger()["items"]
    assert items["properties"].keys() == {"x0", "x1"}
    assert items["properties"]["x0"] == UNSURE
    assert items["properties"]["x1"]["type"] == "number"
    assert items["required"] == ["x0"]
    for row, valid in [({"x0": 1.0}, True), ({"x0": "a"}, True), ({"x1": 1.0}, False),
                       ({"x0": 1.0, "x2": 1.0}, False)]:  # fmt: skip
        assert jsonschema.Draft7Validator(items).is_valid(row) is valid


def test_what_is_not_loaded_yet_is_not_promised(tmp_path: Path) -> None:
    """While not all models are known nothing is required and no column is excluded."""
    items = AnyTable(models(tmp_path), complete=False).input_to_swagger()["items"]
    assert items == {"type": "object", "properties": {"x0": UNSURE, "x1": UNSURE}}


def test_answers_are_any_models(tmp_path: Path) -> None:
    """Numbers of one, labels and probabilities of the other; all name who scored."""
    schema = AnyResults(models(tmp_path), complete=True).input_to_swagger()
    assert schema["required"] == ["Results", "model", "version"]
    variants = schema["properties"]["Results"]["items"]["x-one-of"]
    assert [variant["type"] for variant in variants] == ["number", "string", "object"]
    jsonschema.validate(schema["example"], schema)
    unsure = AnyResults(models(tmp_path / "again"), complete=False).input_to_swagger()
    assert "x-one-of" not in unsure["properties"]["Results"]["items"]
