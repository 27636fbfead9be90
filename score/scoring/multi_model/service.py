"""All models of a folder behind one `run()`: picking, scoring, shadowing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from scoring.estimators.predict import METHODS, Method
from scoring.models.discovery import find_models, model_dir
from scoring.multi_model.catalog import Catalog
from scoring.multi_model.parameter_types import AnyResults, AnyTable
from scoring.multi_model.request_variants import alternatives
from scoring.multi_model.shadow import Shadow
from scoring.parameters.choice import Choice, Version
from scoring.parameters.deferred import Deferred, declare
from scoring.parameters.nested import Nested
from scoring.settings import Settings


class ModelService:
    """The models of the folder that the environment names.

    Args:
        environ: `AZUREML_MODEL_DIR` and the settings.

    Raises:
        ModelNotFound: there is no model, or a setting names one that is not there.
        ModelBroken: none can be loaded.
        InvalidSetting: a setting cannot be used.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._settings = Settings.from_environ(environ)
        self._catalog = Catalog(find_models(model_dir(environ)), self._settings)
        named = self._settings.shadow
        self._shadow = Shadow(self._catalog, *named) if named else None

    def declare(
        self, run: Callable[..., Any], inputs: Deferred, parameters: Deferred, results: Deferred
    ) -> None:
        """Declare what the models have in common as the input and output of `run()`."""
        catalog = self._catalog
        models = catalog.loaded
        asked = [method for method in METHODS if any(method in m.answers for m in models.values())]
        name, version = next(iter(models))
        choices = {
            "model": Choice(catalog.names, example=name),
            "version": Version(catalog.versions, example=version),
            "method": Method(*asked),
        }
        optional = [key for key in choices if key != "model" or catalog.has_default]
        table = AnyTable(models, complete=catalog.complete)
        actual = {
            "Inputs": (inputs, Nested({"data": table})),
            "GlobalParameters": (parameters, Nested(choices, optional=optional)),
        }
        everything = AnyResults(models, complete=catalog.complete)
        # Without a default a request has to name its model.
        required = ["Inputs"] if catalog.has_default else ["Inputs", "GlobalParameters"]
        variants = alternatives(catalog)
        declare(run, actual, (results, everything), required=required, variants=variants)

    def describe(self) -> dict[str, Any]:
        """Return what is deployed, for `GET /score?describe`."""
        shadow = self._settings.shadow
        return {**self._catalog.describe(), "shadow": ":".join(shadow) if shadow else None}

    def score(self, rows: Any, parameters: Mapping[str, Any], request_id: str) -> dict[str, Any]:
        """Score with the model that the parameters name.

        Args:
            rows: a list of records, as they came.
            parameters: `model`, `version` and `method`, each optional.
            request_id: decides between models where traffic is split.

        Raises:
            InvalidInput: there is no such model, or the rows are not its own.
            ModelUnavailable: it is broken.
        """
        key = self._catalog.pick(parameters.get("model"), parameters.get("version"), request_id)
        model = self._catalog.get(key)
        method = parameters.get("method", next(iter(model.answers)))
        results = model.score(method, model.table.convert(rows, "Inputs.data"))
        if self._shadow is not None:
            self._shadow.follow(rows, method, key, results, request_id)
        name, version = key
        return {"Results": results, "model": name, "version": version}
