"""A loaded model that takes tables: what comes in, what it is asked, what goes out.

Whatever an estimator was trained on (a frame, a matrix, texts), a client sends records. The
model is asked once at the start with rows of its own sample, read as a request's are: what it
cannot answer there it could not answer later, and its answers declare the output.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import pandas as pd

from scoring.columns.base import OBJECT
from scoring.errors import ModelBroken, OutputMismatch
from scoring.estimators.asked import Asked, trained_names
from scoring.estimators.learned import learned_nulls
from scoring.estimators.mlflow_signature import signed_parameters
from scoring.estimators.nulls import nullable_columns, spelt_nulls, with_null
from scoring.estimators.predict import methods, predict
from scoring.estimators.sample_file import INPUT, recorded_results
from scoring.estimators.signature import Sample, samples_of
from scoring.estimators.structure import feature_names, may_read_texts, reads_texts
from scoring.estimators.trial_rows import Records, trial_records
from scoring.models.loading import LoadedModel
from scoring.outputs.conformance import check
from scoring.outputs.encoding import plain
from scoring.parameters.results import Results, Seen
from scoring.parameters.table import Table
from scoring.settings import Settings
from scoring.signals import raised_by_signal
from scoring.telemetry.log import logger

#: What a message calls the columns that a door itself declares.
SCRIPT = "the sample of the entry script"


@dataclass(frozen=True)
class TableModel:
    """A model with its input and its answers.

    Attributes:
        loaded: the model and what is known of its file.
        table: the type of its input.
        asked: what answers.
        answers: for each method, the default first, what it answered at the start.
        parameters: of an MLflow model's signature, with their defaults.
    """

    loaded: LoadedModel
    table: Table
    asked: Asked
    answers: dict[str, Seen]
    parameters: dict[str, Any] = field(default_factory=dict)

    def score(
        self, method: str, rows: pd.DataFrame, parameters: Mapping[str, Any] | None = None
    ) -> Any:
        """Return one result per row.

        Args:
            method: a key of `answers`.
            rows: a frame that `table` made.
            parameters: values for some of `parameters`.

        Raises:
            InvalidInput: the model does not have this method.
        """
        given = {
            name: value for name, value in (parameters or {}).items() if name in self.parameters
        }
        return predict(self.asked, method, rows, **({"params": given} if given else {}))


def table_model(
    loaded: LoadedModel,
    settings: Settings,
    sample: pd.DataFrame | None = None,
    declared: Results | None = None,
) -> TableModel:
    """Return the model with its input and its answers, after asking it with its sample.

    Args:
        loaded: the model.
        settings: the limits of its table.
        sample: rows of the input, for a door that declares its own; without it the model's.
        declared: what such a door answers.

    Raises:
        ModelBroken: it has no `predict()`, its columns are not known, it refuses its own
            sample, or its answers are not what is declared.
    """
    file, kind = loaded.path.name, type(loaded.model).__name__
    if not methods(loaded.model):
        raise ModelBroken(
            f"{file} ({kind}) has no predict() and no transform(): it cannot score new rows."
        )
    given = [Sample(sample, SCRIPT, True)] if sample is not None else None
    candidates = given or samples_of(loaded)
    failures: list[tuple[Sample, Exception]] = []
    served: list[TableModel] = []
    for candidate in candidates:
        try:
            served.append(_ask(loaded, candidate, settings))
        except ModelBroken:  # noqa: PERF203 - one or two
            raise
        except Exception as error:
            if raised_by_signal(error):
                raise
            failures.append((candidate, error))
    if len(served) > 1:
        raise ModelBroken(
            f"{file} ({kind}) takes texts and numbers alike in some column, and nothing tells "
            f"which were trained on. Put {INPUT}.json beside it: a JSON list with one record."
        )
    if not served:
        tried, refusal = failures[0]
        raise ModelBroken(
            f"{file} ({kind}) does not accept {tried.source}: {type(refusal).__name__}: "
            f"{refusal}. {_remedy(tried)}"
        ) from refusal
    if declared is not None:
        _compare(served[0], declared)
    return served[0]


def _compare(model: TableModel, declared: Results) -> None:
    """Refuse a model that cannot answer what a door declares.

    Raises:
        ModelBroken: a method is missing, or its answers are of another form.
    """
    name = model.loaded.path.name
    for method, sample in declared.samples.items():
        if method not in model.answers:
            raise ModelBroken(f"{name} has no {method}(), which the entry script declares.")
        schema = Results(**{method: sample}).input_to_swagger()
        try:
            check({"Results": list(model.answers[method].rows)}, schema)
        except OutputMismatch as error:
            raise ModelBroken(
                f"{method}() of {name} does not answer as declared: {error}"
            ) from None


def _remedy(sample: Sample) -> str:
    if sample.source == INPUT:
        return f"Correct {INPUT} beside it: rows that the model can score, with all its columns."
    if sample.source == SCRIPT:
        return "Serve the model that the script was written for, or give it that model's columns."
    return f"Put {INPUT}.json beside it: a JSON list of records that it can score."


def _ask(loaded: LoadedModel, sample: Sample, settings: Settings) -> TableModel:
    """Return the model as it answers to a sample.

    Raises:
        Exception: whatever the model raises when it does not.
    """
    model, rows = loaded.model, sample.rows
    table = Table(rows, optional=sample.optional, settings=settings)
    names = list(table.kinds)
    nulls = learned_nulls(model, trained_names(model) or feature_names(model) or names)
    nulls = {name: null for name, null in nulls.items() if name in names}
    asked, records = _in_its_form(model, sample, table, nulls)
    if not sample.written:
        # What the model has taken; a row that was made up may not be that.
        rows = table.convert(records, INPUT).iloc[:1]
        nullable = nullable_columns(asked, rows, records, settings)
        table = Table(with_null(rows, nullable), settings=settings)
    spelt = spelt_nulls(asked, table, records, nulls)
    if spelt is not None:
        asked = Asked(model, asked.form, plain_categories=sample.plain_categories, nulls=spelt)
    answers = _answers(loaded, asked, table, records)
    return TableModel(loaded, table, asked, answers, signed_parameters(loaded.path))


def _in_its_form(
    model: Any, sample: Sample, table: Table, nulls: dict[str, Any]
) -> tuple[Asked, Records]:
    """Return the model in the form that it takes its input in, and rows that it has answered.

    Raises:
        ModelBroken: it answers differently in two forms, and nothing tells which is right.
        Exception: what it raises in the first form, where it answers in none.
    """
    names = list(table.kinds)
    forms = _forms(model, names)
    if forms == ["texts"] and len(names) > 1:
        raise ModelBroken(
            f"The model takes one column of texts; the sample has {len(names)}: "
            f"{', '.join(names)}. Leave the others out."
        )
    answers: list[tuple[Asked, Records, Any]] = []
    errors: list[Exception] = []
    for form, spelt in product(forms, _spellings(table, nulls)):
        asked = Asked(model, form, plain_categories=sample.plain_categories, nulls=spelt)
        for rows in trial_records(table, made_up=sample.made_up):
            try:
                answer = predict(asked, methods(asked)[0], table.convert(rows, INPUT))
            except Exception as error:  # noqa: PERF203 - a few
                if raised_by_signal(error):
                    raise
                errors.append(error)
            else:
                answers.append((asked, rows, plain(answer)))
                break
    if not answers:
        # Of the first form: what it says to the sample's own rows.
        raise errors[len(trial_records(table, made_up=sample.made_up)) - 1]
    asked, rows, answer = answers[0]
    others = [other for other in answers if other[0].form != asked.form]
    if any(other[1:] != (rows, answer) for other in others):
        raise ModelBroken(
            "The model answers differently to a table and to a series of texts, and nothing "
            "tells which it was trained on: put the vectorizer, or a ColumnTransformer, first."
        )
    return asked, rows


def _spellings(table: Table, learned: dict[str, Any]) -> list[dict[str, Any]]:
    """Return how null may be spelt in the sample's columns of Python objects: NaN, then None."""
    holding = {
        name: None
        for name, kind in table.kinds.items()
        if kind.nullable and kind.dtype == OBJECT and name not in learned
    }
    return [learned, learned | holding] if holding else [learned]


def _forms(model: Any, names: Sequence[str]) -> list[str]:
    """Return the forms that a model may take its input in, the likeliest first."""
    if reads_texts(model):
        return ["texts"]
    if trained_names(model) is not None:
        known = trained_names(model) or []
        return ["columns" if set(known) == set(names) else "frame"]
    if getattr(model, "n_features_in_", None) is not None:
        return ["matrix"]
    if len(names) > 1:
        return ["frame"]
    return ["texts", "frame"] if may_read_texts(model) else ["frame", "texts"]


def _answers(loaded: LoadedModel, asked: Asked, table: Table, records: Records) -> dict[str, Seen]:
    """Ask every method; one that fails beside the first is not offered."""
    answers: dict[str, Seen] = {}
    recorded = recorded_results(loaded.path)
    rows = table.convert(records, INPUT)
    for method in methods(asked):
        try:
            found = predict(asked, method, rows)
        except Exception as error:
            if not answers or raised_by_signal(error):
                raise
            name, kind = loaded.path.name, type(error).__name__
            logger.warning("%s: %s() is not offered: %s: %s", name, method, kind, error)
            delattr(asked, method)
            continue
        seen, said = plain(found), []
        if not answers:
            said = recorded or []
            if _differ(table.sample_input) and all(one == seen[0] for one in seen):
                logger.warning("%s answers all rows of its sample alike.", loaded.path.name)
        answers[method] = Seen((*seen, *said), sure=bool(said) or _is_sure(asked, found))
    return answers


def _differ(sample: pd.DataFrame) -> bool:
    """Tell whether a sample has rows without null that are not alike."""
    return len(sample.dropna().drop_duplicates()) > 1


def _is_sure(asked: Asked, found: Any) -> bool:
    """Tell whether the type of later answers is known from these: whether it is the model's.

    A classifier answers its classes, and what is a number of numpy's stays one. A list of
    Python's own objects, or whole numbers that no class is, may hold anything next time.
    """
    if asked.classes_ is not None or isinstance(found, list):
        return asked.classes_ is not None
    kinds = found.dtypes if isinstance(found, pd.DataFrame) else [getattr(found, "dtype", None)]
    return all(getattr(kind, "kind", "O") == "f" for kind in kinds) or _has_labels(asked)


def _has_labels(asked: Asked) -> bool:
    """Tell whether an estimator without classes answers whole numbers: clusters, outliers."""
    kind = getattr(asked.estimator, "_estimator_type", None)
    return hasattr(asked.estimator, "fit_predict") or kind in ("clusterer", "outlier_detector")
