"""`training/sweep.py`: alpha by cross-validation."""

from __future__ import annotations

import json
from pathlib import Path

import joblib
import pandas as pd
import pytest
import sweep
import train
from matplotlib.image import imread
from sklearn.linear_model import Ridge
from sklearn.model_selection import GridSearchCV, KFold


def test_agrees_with_grid_search() -> None:
    """scikit-learn's own grid search on the same folds gives the same errors and the same best."""
    data, alphas = train.split_data(train.sample_data()[0]), [0.01, 0.1, 1.0]
    search = GridSearchCV(
        Ridge(), {"alpha": alphas}, scoring="neg_mean_squared_error",
        cv=KFold(5, shuffle=True, random_state=0),
    ).fit(data["train"]["X"], data["train"]["y"])  # fmt: skip
    table = sweep.sweep(data, alphas)
    assert table["mse"].tolist() == pytest.approx(-search.cv_results_["mean_test_score"])
    assert table["mse_std"].tolist() == pytest.approx(search.cv_results_["std_test_score"])
    assert sweep.best_alpha(table) == search.best_params_["alpha"]


def test_of_equal_errors_the_simplest_model() -> None:
    """Where two alphas are equally good the larger one is taken."""
    table = pd.DataFrame({"alpha": [0.1, 1.0, 5.0], "mse": [2.0, 2.0, 3.0]})
    assert sweep.best_alpha(table) == 1.0


@pytest.mark.parametrize("alphas", [["0", "0.1", "10"], ["0"], []])
def test_writes_the_best_model(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], alphas: list[str]
) -> None:
    """Table, picture and the best model lie in the output folder; 0 is a possible alpha."""
    chosen = ["--alphas", *alphas] if alphas else []
    sweep.main([*chosen, "--output", str(tmp_path)])
    table = pd.read_csv(tmp_path / "sweep.csv")
    printed = json.loads(capsys.readouterr().out.splitlines()[-1])
    (entry,) = json.loads((tmp_path / "models.json").read_text())["models"]
    assert len(table) == len(alphas or sweep.ALPHAS)
    best = sweep.best_alpha(table)
    assert joblib.load(tmp_path / "model.joblib").alpha == best == printed["alpha"]
    assert entry["parameters"]["alpha"] == best
    # matplotlib 3.10 and 3.11 round the width differently.
    assert imread(tmp_path / "sweep.png").shape[:2] == pytest.approx((900, 1260), abs=1)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--folds", "1"], "not a whole number from 2"),
        (["--folds", "400"], "only 353 rows to train on"),
        (["--alphas", "ten"], "'ten' is not a number"),
    ],
)
def test_a_mistake_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], expected: str
) -> None:
    """Nothing is tried before the arguments make sense."""
    with pytest.raises(SystemExit):
        sweep.main([*arguments, "--output", str(tmp_path / "out")])
    assert not (tmp_path / "out").exists()
    assert expected in capsys.readouterr().err
