"""`scoring_model.save_model`: one call and the service needs nothing else, or one refusal."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
import pytest
import requests
from scoring_model import NotServable, save_model
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder

from deploy.servers.azmlinfsrv import Server
from tests.nearly import nearly

ROWS = 60
X = pd.DataFrame(
    {
        "town": ["Köln", "Bonn", None] * (ROWS // 3),
        "age": [float(20 + i) for i in range(ROWS)],
        "active": [True, False] * (ROWS // 2),
    }
)
X.loc[::7, "age"] = np.nan
Y = pd.Series(["yes" if age > 50 else "no" for age in X["age"]], name="churned")


def mixed(**encoder: Any) -> Any:
    return make_pipeline(
        make_column_transformer(
            (OneHotEncoder(handle_unknown=encoder.pop("unknown", "ignore"), **encoder), ["town"]),
            (SimpleImputer(), ["age"]),
            remainder="passthrough",
        ),
        LogisticRegression(),
    )


@pytest.fixture(scope="module")
def packaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A classifier of mixed columns with missing values, packaged."""
    folder = tmp_path_factory.mktemp("models") / "churn" / "1"
    return save_model(mixed().fit(X, Y), folder, X, Y, metrics={"accuracy": 0.9})


def test_the_service_answers_what_the_package_says(packaged: Path, root: Path) -> None:
    """The door without code takes the sample, nulls included, and answers as packaged."""
    sample = json.loads((packaged / "sample_input.json").read_text(encoding="utf-8"))
    expected = json.loads((packaged / "sample_output.json").read_text())
    with Server(root / "score" / "auto.py", packaged) as server:
        answer = requests.post(server.score_url, json={"Inputs": {"data": sample}}, timeout=60)
        assert "has no models.json beside it" not in server.log()
    assert (answer.status_code, answer.json()) == (200, nearly(expected))


def test_the_sample_is_typical_and_nobodys(packaged: Path) -> None:
    """Rounded medians, shared words, and null exactly where the whole table has nulls."""
    sample = json.loads((packaged / "sample_input.json").read_text(encoding="utf-8"))
    median = float(f"{X['age'].median():.3g}")
    assert sample == [
        {"town": "Bonn", "age": median, "active": False},
        {"town": None, "age": None, "active": False},
    ]


def test_the_baseline_names_nothing_rare(packaged: Path) -> None:
    """Means and shares of the whole table; no quantile that fewer than five rows lie beyond."""
    baseline = json.loads((packaged / "baseline.json").read_text())
    age, town = baseline["columns"]["age"], baseline["columns"]["town"]
    assert baseline["rows"] == ROWS
    assert age["mean"] == pytest.approx(X["age"].mean())
    assert age["missing"] == pytest.approx(X["age"].isna().mean())
    assert set(age["quantiles"]) == {"0.25", "0.5", "0.75"}
    assert town["values"] == {"Köln": 0.5, "Bonn": 0.5}
    assert baseline["targets"]["true"]["values"]["no"] == pytest.approx((Y == "no").mean())


@pytest.mark.parametrize("form", ["matrix", "texts", "dates", "regression"])
def test_other_inputs(tmp_path: Path, root: Path, form: str) -> None:
    """Matrices, texts, dates and categories are packaged so that the service takes them."""
    numbers = np.arange(24.0).reshape(12, 2)
    table: Any
    if form == "matrix":
        model, table = Ridge().fit(numbers, numbers[:, 0]), numbers
    elif form == "texts":
        table = ["good wine", "bad wine"] * 6
        model = make_pipeline(CountVectorizer(), LogisticRegression()).fit(table, [1, 0] * 6)
    elif form == "regression":
        table = pd.DataFrame(numbers, columns=["a", "b"])
        model = LinearRegression().fit(table, numbers)
    else:
        table = pd.DataFrame({"day": pd.date_range("2026-01-01", periods=12), "kind": ["a"] * 12})
        table["kind"] = table["kind"].astype("category")
        days = make_column_transformer((FunctionTransformer(np.isnan), ["day"]), ("drop", ["kind"]))
        model = make_pipeline(days, Ridge()).fit(table, range(12))
    save_model(model, tmp_path / "m", table)
    (sample,) = (tmp_path / "m").glob("sample_input.*")
    assert sample.suffix == (".parquet" if form == "dates" else ".json")
    rows = (
        [{"day": "2026-01-01T00:00:00Z", "kind": "a"}]
        if form == "dates"
        else json.loads(sample.read_text())
    )
    with Server(root / "score" / "auto.py", tmp_path / "m") as server:
        answer = requests.post(server.score_url, json={"Inputs": {"data": rows}}, timeout=60)
    expected = json.loads((tmp_path / "m" / "sample_output.json").read_text())
    assert (answer.status_code, answer.json()) == (200, nearly(expected)), answer.text


def test_nulls_that_the_model_refuses(tmp_path: Path) -> None:
    """Where only the rows trained on were complete, the sample says so and a warning too."""
    numbers = X[["age"]]
    model = Ridge().fit(numbers.dropna(), range(len(numbers.dropna())))
    with pytest.raises(NotServable, match="does not predict the table it is packaged with"):
        save_model(model, tmp_path / "m", numbers)
    assert not (tmp_path / "m").exists()
    complete = numbers.fillna({"age": 1.0})
    sample = pd.DataFrame({"age": [30.0, None]})
    with pytest.warns(UserWarning, match="missing values in age, which the model refuses"):
        save_model(model, tmp_path / "m", complete, sample=sample)
    assert json.loads((tmp_path / "m" / "sample_input.json").read_text()) == [{"age": 30.0}]


def doubled(table: Any) -> Any:
    return table * 2


@pytest.mark.parametrize(
    ("model", "table", "expected"),
    [
        (OneHotEncoder(), X, "OneHotEncoder has no predict()"),
        (Ridge().fit([[0.0], [1.0]], [0, 1]), X[["active"]].assign(b=1), "does not predict"),
        (Ridge().fit([[0.0], [1.0]], [0, 1]), np.zeros((3, 4)), "expecting 1 features"),
        (
            make_pipeline(FunctionTransformer(lambda t: t), Ridge()).fit(np.eye(2, 1), [0, 1]),
            np.zeros((3, 1)),
            "lambda",
        ),
        (
            make_pipeline(FunctionTransformer(doubled), Ridge()).fit(np.eye(2, 1), [0, 1]),
            np.zeros((3, 1)),
            "a fresh process cannot use the model: ModuleNotFoundError",
        ),
        (
            mixed(unknown="error").fit(X.assign(town=[f"p{i}" for i in range(ROWS)]), Y),
            X.assign(town=[f"p{i}" for i in range(ROWS)]),
            "No value of town is shared by five rows",
        ),
        (HistGradientBoostingClassifier().fit(X[["age"]].assign(e=np.nan), Y),
         X[["age"]].assign(e=np.nan), "column 'e' holds no value at all"),
    ],
    ids=["no-predict", "columns", "width", "lambda", "module", "words", "empty"],
)  # fmt: skip
def test_what_cannot_be_served_is_refused(
    tmp_path: Path, model: Any, table: Any, expected: str
) -> None:
    """One sentence, and no folder is left."""
    with pytest.raises(NotServable) as refusal:
        save_model(model, tmp_path / "models" / "m", table)
    assert expected in str(refusal.value)
    assert list(tmp_path.iterdir()) == []


SCRIPT = """
import numpy as np
from scoring_model import save_model
from sklearn.linear_model import Ridge

class Mine(Ridge):
    pass

save_model(Mine().fit([[0.0], [1.0]], [0, 1]), "m", np.zeros((3, 1)))
"""

MODULE = """
import numpy as np
from sklearn.linear_model import Ridge

class Mine(Ridge):
    def predict(self, X):
        drawn = np.random.default_rng().uniform(size=len(X))
        return drawn if self.alpha == 7 else super().predict(X)
"""


def test_classes_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    """A class of the script itself is refused; one of a module is taken along with code_paths."""
    (tmp_path / "script.py").write_text(SCRIPT)
    command = [sys.executable, "script.py"]
    environ = {"PYTHONPATH": str(root / "training"), "PATH": ""}
    done = subprocess.run(
        command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False
    )
    assert "the model holds Mine, which is defined in the program that trained it" in done.stderr
    (tmp_path / "own_ridge.py").write_text(MODULE)
    monkeypatch.syspath_prepend(tmp_path)
    from own_ridge import Mine  # type: ignore[import-not-found]

    model = Mine().fit([[0.0], [1.0]], [0, 1])
    with pytest.raises(NotServable, match=r"No module named 'own_ridge'.*code_paths"):
        save_model(model, tmp_path / "m", np.zeros((3, 1)))
    save_model(model, tmp_path / "m", np.zeros((3, 1)), code_paths=[tmp_path / "own_ridge.py"])
    assert joblib.load(tmp_path / "m" / "model.joblib").alpha == 1.0
    before = {path.name: path.read_bytes() for path in (tmp_path / "m").iterdir()}
    with pytest.raises(NotServable, match="does it draw at random"):
        save_model(Mine(alpha=7).fit([[0.0], [1.0]], [0, 1]), tmp_path / "m", np.zeros((3, 1)),
                   code_paths=[tmp_path / "own_ridge.py"])  # fmt: skip
    assert {path.name: path.read_bytes() for path in (tmp_path / "m").iterdir()} == before
