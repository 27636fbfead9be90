"""Whatever users bring: what the service answers is what the model itself answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from scoring.errors import InvalidInput, ModelBroken
from scoring.estimators.table_model import table_model
from scoring.models.loading import LoadedModel
from scoring.outputs.conformance import check
from scoring.outputs.encoding import plain
from scoring.parameters.results import Results
from scoring.settings import Settings
from sklearn.linear_model import Ridge

from tests import zoo
from tests.nearly import nearly


def loaded(model: Any, path: Path = Path("nowhere/model.joblib")) -> LoadedModel:
    return LoadedModel(model, path, "joblib", "0" * 64, None, {}, "2026-01-01T00:00:00Z", None)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("name", zoo.MAKERS)
def test_the_answer_is_the_models_own(name: str) -> None:
    """Row by row, nulls and unknown categories included, and of the declared type."""
    case = zoo.case(name)
    served = table_model(loaded(case.model), Settings())
    assert tuple(served.answers) == case.methods
    declared = Results(**served.answers).input_to_swagger()
    for method in case.methods:
        rows = served.table.convert(case.rows, "Inputs.data")
        results = plain(served.score(method, rows))
        check({"Results": results}, declared)
        own = zoo.own_rows(case.expected(method), len(case.rows))
        assert [zoo.plain(one) for one in results] == nearly(own)
        # One row alone gets what it gets among others.
        alone = served.table.convert(case.rows[:1], "Inputs.data")
        assert zoo.plain(plain(served.score(method, alone))[0]) == nearly(own[0])


def served(model: Any, folder: Path, sample: str | None = None, results: str | None = None) -> Any:
    """Return the model with files beside it."""
    for name, content in (("sample_input.json", sample), ("sample_output.json", results)):
        if content is not None:
            (folder / name).write_text(content, encoding="utf-8")
    return table_model(loaded(model, folder / "model.joblib"), Settings())


class Own:
    """A model of somebody's own class, which answers what a function of a row says."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def predict(self, rows: Any) -> Any:
        """Return one answer per row, as a list."""
        return [self.answer(row) for row in rows.to_dict("records")]


@pytest.mark.parametrize(
    ("answer", "later"),
    [
        (lambda row: max(0, row["x"]), [0, 2.5]),
        (lambda row: "high" if row["x"] > 1 else None, ["high", None]),
        (lambda row: None if row["x"] > 1 else {"risk": row["x"]}, [{"risk": -3}, None]),
        (lambda row: int(row["x"]) if row["x"] < -2 else "many", [-3, "many"]),
    ],
)
def test_later_answers_may_be_of_another_type(
    tmp_path: Path, answer: Any, later: list[Any]
) -> None:
    """Integers beside floats, a label or nothing: what one row does not show is no error."""
    model = served(Own(answer), tmp_path, '[{"x": -3.0}]')
    declared = Results(**model.answers).input_to_swagger()
    check({"Results": later}, declared)


def test_a_declared_result_is_kept_to(tmp_path: Path) -> None:
    """sample_output.json says what the sample's rows do not show."""
    model = served(
        Own(lambda _row: {"a": 1}), tmp_path, '[{"x": 1.0}]', '{"Results": [{"a": 2.5}]}'
    )
    declared = Results(**model.answers).input_to_swagger()
    properties = declared["properties"]["Results"]["items"]["properties"]
    assert properties["a"]["type"] == "number"
    check({"Results": [{"a": 0.5}]}, declared)


def test_a_sample_with_a_byte_order_mark(tmp_path: Path) -> None:
    """What editors of Windows write is read."""
    assert list(served(Own(lambda _: 1), tmp_path, '\ufeff[{"größe": 1.0}]').table.kinds) == [
        "größe"
    ]


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    """One cell of a record would feed both."""
    frame = pd.DataFrame([[1.0, 2.0], [3.0, 5.0]], columns=["a", "a"])
    with pytest.raises(ModelBroken, match="two columns called 'a'"):
        served(Ridge().fit(frame, [1, 2]), tmp_path)


def test_a_text_model_takes_one_column(tmp_path: Path) -> None:
    """A sample with more would leave the others unread."""
    model = zoo.case("text").model
    with pytest.raises(ModelBroken, match="one column of texts; the sample has 2: text, id"):
        served(model, tmp_path, '[{"text": "x", "id": 1}]')
    assert served(model, tmp_path, '[{"review": "good"}]').answers["predict"].rows[0] == "pos"


def test_as_many_results_as_rows_from_the_start(tmp_path: Path) -> None:
    """A model that answers once for all rows is not served."""

    class Once(Own):
        def predict(self, rows: Any) -> Any:
            return [len(rows)]

    with pytest.raises(ModelBroken, match="answered 3 rows with 1 results"):
        served(Once(None), tmp_path, '[{"x": 1.0, "y": 2.0}]')


def test_a_model_that_answers_all_rows_alike_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Where the sample's rows differ, one answer for all is worth a look."""
    served(Own(lambda _: 1), tmp_path, '[{"x": 1.0}, {"x": 2.0}]')
    assert "answers all rows of its sample alike" in caplog.text


def test_null_of_an_own_class_is_what_it_takes(tmp_path: Path) -> None:
    """None where the model falls over NaN."""
    model = Own(lambda row: 0 if row["x"] is None else len(row["x"]))
    asked = served(model, tmp_path, '[{"x": "abc"}, {"x": null}]')
    rows = asked.table.convert([{"x": None}, {"x": "ab"}], "")
    assert asked.score("predict", rows) == [0, 2]


def test_a_json_sample_can_say_categories(tmp_path: Path) -> None:
    """A list of categories makes a column what boosted trees were trained with."""
    case = zoo.case("lightgbm of categories")
    sample = '[{"colour": {"categories": ["blue", "green", "red"]}, "size": 0.5}]'
    table = served(case.model, tmp_path, sample).table
    with pytest.raises(InvalidInput, match="one of"):
        table.convert([{"colour": "pink", "size": 0.5}], "")
    assert table.convert([{"colour": "red", "size": 0.5}], "")["colour"].cat.codes[0] == 2


def test_the_remedy_fits_what_lies_there(tmp_path: Path) -> None:
    """A sample that is there is to be corrected, not put there."""
    model = Ridge().fit(zoo.NUMBERS, zoo.NUMBER_TARGET)
    with pytest.raises(ModelBroken, match="Correct sample_input beside it") as error:
        served(model, tmp_path, '[{"a": "x", "b": 1.0, "größe": 1.0}]')
    assert "Put" not in str(error.value)


def test_a_sample_that_no_client_may_send_is_refused(tmp_path: Path) -> None:
    """Infinity has no JSON; a half pair of surrogates is no text."""
    with pytest.raises(ModelBroken, match="infinity"):
        served(Own(lambda _: 1), tmp_path, '[{"x": 1e999}]')
    with pytest.raises(ModelBroken, match="string"):
        served(Own(lambda _: 1), tmp_path, '[{"x": "\\ud800"}]')
