"""`python -m training train` and `sweep`: a German table of mixed columns goes the whole way."""

from __future__ import annotations

import json
import re
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
import pytest
import requests
from pipelines.space import read_space

from deploy.servers.azmlinfsrv import Server
from tests.nearly import nearly
from tests.training.commands.program import run

ROWS = 120


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    """Words, dates, numbers, booleans, missing values, and two targets that depend on them."""
    rng = np.random.default_rng(0)
    df = pd.DataFrame(
        {
            "Ort": rng.choice(["Köln", "Bonn", "Aachen"], ROWS),
            "seit": pd.date_range("2019-01-15", periods=ROWS, freq="9D").strftime("%d.%m.%Y"),
            "Fläche": rng.uniform(20, 200, ROWS),
            "Garten": rng.random(ROWS) > 0.5,
            "Notiz": [f"Objekt {i}, ruhig" for i in range(ROWS)],
            "leer": np.nan,
        }
    )
    df["Preis"] = df["Fläche"] * 10 + (df["Ort"] == "Bonn") * 900 + rng.normal(0, 20, ROWS)
    df["Art"] = np.where(df["Preis"] > df["Preis"].median(), "teuer", "billig")
    df.loc[::9, "Fläche"] = np.nan
    return df


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory, table: pd.DataFrame) -> Path:
    """A folder with the table as a German Excel writes it."""
    folder = tmp_path_factory.mktemp("real")
    table.drop(columns="Art").to_csv(
        folder / "preis.csv", sep=";", decimal=",", index=False, encoding="cp1252"
    )
    table.drop(columns="Preis").to_csv(folder / "art.csv", sep=";", decimal=",", index=False)
    return folder


def test_classification_goes_the_whole_way(here: Path, root: Path, table: pd.DataFrame) -> None:
    """Trained, reported, packaged and served: the door answers with the model's own labels."""
    done = run("train", "--data", "art.csv", "--target", "Art", "--set", "max_iter=20",
               "--folds", "2", "--output", "models/art/1", cwd=here, root=root)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "left out, as they hold nothing: leer" in done.stderr
    assert "the service needs, in the pip list of env.yml: skrub==" in done.stderr
    folder = here / "models" / "art" / "1"
    (entry,) = json.loads((folder / "models.json").read_text())["models"]
    assert entry["metrics"] == nearly(json.loads(done.stdout))
    assert entry["metrics"]["accuracy"] > 0.7
    assert entry["parameters"]["max_iter"] == 20
    model = joblib.load(folder / "model.joblib")
    assert model.steps[-1][1].max_iter == 20
    assert model.steps[0][1].kind_to_columns_["datetime"] == ["seit"]
    features = table.drop(columns=["Preis", "Art", "leer"]).astype(object)
    rows = features.where(features.notna(), None).to_dict("records")
    with Server(root / "score" / "auto.py", folder) as server:
        answer = requests.post(server.score_url, json={"Inputs": {"data": rows}}, timeout=60)
    assert answer.status_code == 200, answer.text
    assert answer.json()["Results"] == model.predict(pd.DataFrame(rows)).tolist()


def test_the_report(here: Path, root: Path, table: pd.DataFrame) -> None:
    """It shows metrics, three pictures and the worst rows by number, and loads nothing."""
    if not (here / "models" / "art" / "1" / "report.html").exists():
        test_classification_goes_the_whole_way(here, root, table)
    report = (here / "models" / "art" / "1" / "report.html").read_text(encoding="utf-8")
    for title in ("Confusion matrix", "Permutation importance", "Calibration"):
        assert f"{title}, held-out rows" in report
    assert report.count("<svg") == 3
    assert not re.findall(r'(?:src|href)="(?!#|data:)', report)
    assert "taken as datetime" in report
    worst = re.findall(r'<tr><td class="number">(\d+)</td>', report)
    assert len(worst) == 10
    assert {int(row) for row in worst} <= set(range(1, ROWS + 1))
    # A report of a table is not the table: no free text of any row.
    assert not [note for note in table["Notiz"] if note in report]


def test_regression_by_another_estimator(here: Path, root: Path) -> None:
    """Any estimator of scikit-learn, with what it needs put before it."""
    done = run("train", "--data", "preis.csv", "--target", "Preis", "--estimator", "Ridge",
               "--set", "alpha=0.5", "--folds", "2", "--output", "r",
               cwd=here, root=root)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Windows-1252" in done.stderr
    assert json.loads(done.stdout)["r2"] > 0.5
    report = (here / "r" / "report.html").read_text(encoding="utf-8")
    assert "Residuals against predictions" in report
    assert "Calibration" not in report
    assert joblib.load(here / "r" / "model.joblib").steps[-1][1].alpha == 0.5


def test_sweep(here: Path, root: Path) -> None:
    """Optuna's best trial is the model that is left; the table has all of them."""
    done = run("sweep", "--data", "art.csv", "--target", "Art", "--estimator", "LogisticRegression",
               "--search", "C=0.001:10:log", "--trials", "3", "--folds", "2", "--output", "s",
               cwd=here, root=root)  # fmt: skip
    assert done.returncode == 0, done.stderr
    trials = pd.read_csv(here / "s" / "trials.csv")
    best = trials.sort_values("value").iloc[-1]
    assert len(trials) == 3
    assert trials["params_C"].between(0.001, 10).all()
    assert nearly(best["params_C"]) == joblib.load(here / "s" / "model.joblib").steps[-1][1].C


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--target", "Ard"], "no column 'Ard' to predict; did you mean 'Art'?"),
        (["--target", "Fläche"], "column 'Fläche' has no value in row 1"),
        (["--target", "Art", "--estimator", "Ridge"], "'Art' holds 'billig': a regression"),
        (["--target", "Art", "--estimator", "Logistic"], "no classifier or regressor 'Logistic'"),
        (["--target", "Art", "--set", "max_itr=2"], "'max_itr'; did you mean 'max_iter'?"),
        (["--target", "Art", "--set", "max_iter"], "expected NAME=VALUE"),
        (["--target", "Art", "--set", "max_iter=-1"], "'max_iter' parameter of HistGradient"),
        (["--target", "Art", "--folds", "500"], "--folds 500: only 48 rows of class"),
        (["--target", "Art", "--task", "regression"], "a regression predicts numbers"),
    ],
)
def test_a_refusal_is_one_sentence_and_leaves_no_folder(
    here: Path, root: Path, arguments: list[str], expected: str
) -> None:
    """Exit code 2, whose fault and what to do, no traceback."""
    done = run("train", "--data", "art.csv", "--output", "none/1", *arguments, cwd=here, root=root)
    assert done.returncode == 2, done.stdout
    assert expected in done.stderr
    assert "Traceback" not in done.stderr
    assert not (here / "none").exists()


def test_the_space() -> None:
    """Whole numbers, numbers on a log scale, words; all else is answered with the forms."""
    space = read_space(["n=1:9", "a=0.1:10:log", "k=rbf,poly"])
    assert [type(kind).__name__ for kind in space.values()] == [
        "IntDistribution", "FloatDistribution", "CategoricalDistribution"
    ]  # fmt: skip
    for wrong in ("a=1:x", "a=2:1", "a=0:1:log", "a=1:2:lin", "a="):
        with pytest.raises(ValueError, match=re.escape(f"--search '{wrong}'")):
            read_space([wrong])


def test_importance_finds_what_matters(here: Path, root: Path) -> None:
    """In the report of a regression the floor area comes before the free text."""
    if not (here / "r" / "report.html").exists():
        test_regression_by_another_estimator(here, root)
    report = (here / "r" / "report.html").read_text(encoding="utf-8")
    # The bars are drawn from the bottom, the most important last.
    assert report.index(">Notiz<") < report.index(">Fläche<")
