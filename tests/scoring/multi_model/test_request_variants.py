"""What each of several models takes: a schema of its own, tied to the model's name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest
from scoring.errors import InvalidInput, ModelUnavailable
from scoring.models.discovery import find_models
from scoring.multi_model.catalog import Catalog
from scoring.multi_model.request_variants import alternatives
from scoring.multi_model.service import ModelService
from scoring.settings import Settings

from tests.several import constant, write

MODELS = {
    "a/9": constant(9.0),
    "a/10": constant(10.0),
    "b/1": constant("red"),
    "b/2": constant("red", columns=2),
    "c/1": None,
}
ONE, TWO = [{"x0": 1.0}], [{"x0": 1.0, "x1": 2.0}]


@pytest.mark.parametrize("preferred", ["", "a", "b"])
def test_what_matches_one_is_scored_and_nothing_else(tmp_path: Path, preferred: str) -> None:
    """Over all names, versions, methods and rows: the document and the service agree."""
    environ = {"AZUREML_MODEL_DIR": str(write(tmp_path, MODELS))}
    environ |= {"SCORING_MODEL": preferred} if preferred else {}
    models = ModelService(environ)
    catalog = Catalog(find_models(tmp_path), Settings.from_environ(environ))
    checks = [jsonschema.Draft7Validator(schema) for schema in alternatives(catalog)]
    verdicts = set()
    for name in (None, "a", "b", "c", "d"):
        for version in (None, "1", "2", "9", "10"):
            for method in (None, "predict", "predict_proba"):
                for rows in (ONE, TWO):
                    chosen = {"model": name, "version": version, "method": method}
                    parameters = {key: value for key, value in chosen.items() if value}
                    body = {"Inputs": {"data": rows}, "GlobalParameters": parameters}
                    matches = sum(check.is_valid(body) for check in checks)
                    assert matches == scored(models, rows, parameters), body
                    verdicts.add(matches)
    assert verdicts == {0, 1}


def scored(models: ModelService, rows: Any, parameters: dict[str, Any]) -> int:
    try:
        models.score(rows, parameters, "")
    except (InvalidInput, ModelUnavailable):
        return 0
    return 1


@pytest.mark.parametrize(
    "environ",
    [{"SCORING_LOADED_MODELS": "2"}, {"SCORING_TRAFFIC": "a:9=50,b:1=50"}],
)
def test_nothing_is_said_where_it_cannot_be_known(tmp_path: Path, environ: dict[str, str]) -> None:
    """Models not loaded yet, or a request's id, decide what fits: then there is no list."""
    write(tmp_path, MODELS)
    assert alternatives(Catalog(find_models(tmp_path), Settings.from_environ(environ))) == []


def test_models_that_take_the_same_are_not_told_apart(tmp_path: Path) -> None:
    """Two versions with the same columns need no second schema."""
    write(tmp_path, {"a/9": constant(9.0), "a/10": constant(10.0)})
    assert alternatives(Catalog(find_models(tmp_path), Settings())) == []
