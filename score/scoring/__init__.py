"""The library behind the doors: everything an entry script needs, none of it a script.

    from scoring import Nested, Results, Table, endpoint, input_schema, load_model

What `__all__` names is public; modules and their other names may move. Each name is imported
when it is first asked for, so a door pays for nothing that it does not use.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from scoring.renamed import install

if TYPE_CHECKING:
    from scoring.errors import ClientError, InvalidInput, ModelBroken, ModelNotFound, ScoringError
    from scoring.estimators.predict import Method, predict
    from scoring.estimators.table_model import table_model
    from scoring.http.describe import describable
    from scoring.http.endpoint import endpoint
    from scoring.http.host import rawhttp, request_id
    from scoring.models.azureml_paths import get_model_path
    from scoring.models.description import describe_loaded
    from scoring.models.loading import load_model
    from scoring.multi_model.service import ModelService
    from scoring.parameters.array import Array
    from scoring.parameters.choice import Choice
    from scoring.parameters.decorators import input_schema
    from scoring.parameters.deferred import Deferred, declare
    from scoring.parameters.nested import Nested
    from scoring.parameters.results import Results
    from scoring.parameters.spark_table import SparkTable
    from scoring.parameters.table import Table
    from scoring.settings import Settings

#: Where each public name lives.
HOMES = {
    "Array": "parameters.array",
    "Choice": "parameters.choice",
    "ClientError": "errors",
    "Deferred": "parameters.deferred",
    "InvalidInput": "errors",
    "Method": "estimators.predict",
    "ModelBroken": "errors",
    "ModelNotFound": "errors",
    "ModelService": "multi_model.service",
    "Nested": "parameters.nested",
    "Results": "parameters.results",
    "ScoringError": "errors",
    "Settings": "settings",
    "SparkTable": "parameters.spark_table",
    "Table": "parameters.table",
    "declare": "parameters.deferred",
    "describable": "http.describe",
    "describe_loaded": "models.description",
    "endpoint": "http.endpoint",
    "get_model_path": "models.azureml_paths",
    "input_schema": "parameters.decorators",
    "load_model": "models.loading",
    "predict": "estimators.predict",
    "rawhttp": "http.host",
    "request_id": "http.host",
    "table_model": "estimators.table_model",
}

__all__ = [
    "Array",
    "Choice",
    "ClientError",
    "Deferred",
    "InvalidInput",
    "Method",
    "ModelBroken",
    "ModelNotFound",
    "ModelService",
    "Nested",
    "Results",
    "ScoringError",
    "Settings",
    "SparkTable",
    "Table",
    "declare",
    "describable",
    "describe_loaded",
    "endpoint",
    "get_model_path",
    "input_schema",
    "load_model",
    "predict",
    "rawhttp",
    "request_id",
    "table_model",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is asked for."""
    if name not in HOMES:
        raise AttributeError(f"module 'scoring' has no attribute {name!r}")
    return getattr(import_module(f"scoring.{HOMES[name]}"), name)


install()
