"""Formats: each file is told by its ending and gives the model that was saved, or says why not."""

from __future__ import annotations

import builtins
import os
import pickle
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import joblib
import lightgbm
import numpy as np
import pandas as pd
import pytest
import sklearn
import skops.io
import xgboost
from scoring.errors import ModelBroken
from scoring.models.discovery import ModelPath, find_model
from scoring.models.formats import FORMATS, format_of
from scoring.models.loading import load
from scoring.settings import Settings
from skl2onnx import to_onnx
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.neighbors import KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder
from sklearn.tree import DecisionTreeClassifier

from tests.nearly import nearly

X, Y = load_iris(return_X_y=True, as_frame=True)
CLASSIFIER = LogisticRegression(max_iter=500).fit(X, Y)
BOOSTED = xgboost.XGBClassifier(n_estimators=3).fit(X, Y)
BOOSTED_NUMBERS = xgboost.XGBRegressor(n_estimators=3).fit(X, Y)
LIGHT = lightgbm.LGBMClassifier(n_estimators=3, verbose=-1).fit(X, Y)
LIGHT_TWO = lightgbm.LGBMClassifier(n_estimators=3, verbose=-1).fit(X, Y == 1)
LIGHT_NUMBERS = lightgbm.LGBMRegressor(n_estimators=3, verbose=-1).fit(X, Y)


def onnx(**options: Any) -> Callable[[Path], Any]:
    graph = to_onnx(CLASSIFIER, X[:1].to_numpy(np.float32), options=options)
    return lambda path: path.write_bytes(graph.SerializeToString())


def mlflow_model(path: Path) -> None:
    os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
    with warnings.catch_warnings():
        # MLflow warns about its own type hints when it is imported.
        warnings.simplefilter("ignore")
        from mlflow import sklearn

        sklearn.save_model(CLASSIFIER, str(path))


def doubled(values: Any) -> Any:
    return values * 2


#: File name, format, how it is written, the estimator that it must agree with.
CASES: list[tuple[str, str, Callable[[Path], Any], Any]] = [
    ("a.joblib", "joblib", lambda path: joblib.dump(CLASSIFIER, path), CLASSIFIER),
    ("a.PKL", "joblib", lambda path: path.write_bytes(pickle.dumps(CLASSIFIER)), CLASSIFIER),
    ("a.skops", "skops", lambda path: skops.io.dump(CLASSIFIER, path), CLASSIFIER),
    ("zipmap.onnx", "onnx", onnx(), CLASSIFIER),
    ("matrix.onnx", "onnx", onnx(zipmap=False), CLASSIFIER),
    ("mlflow", "mlflow", mlflow_model, CLASSIFIER),
    ("a.json", "xgboost", BOOSTED.save_model, BOOSTED),
    ("a.ubj", "xgboost", BOOSTED_NUMBERS.save_model, BOOSTED_NUMBERS),
    ("a.txt", "lightgbm", LIGHT.booster_.save_model, LIGHT),
    ("two.lgb", "lightgbm", LIGHT_TWO.booster_.save_model, LIGHT_TWO),
    ("numbers.lgbm", "lightgbm", LIGHT_NUMBERS.booster_.save_model, LIGHT_NUMBERS),
]


@pytest.mark.parametrize(("name", "kind", "write", "saved"), CASES, ids=[c[0] for c in CASES])
def test_every_format_gives_the_model_that_was_saved(
    tmp_path: Path, name: str, kind: str, write: Callable[[Path], Any], saved: Any
) -> None:
    """Predictions, probabilities and the number of columns survive the file."""
    write(tmp_path / name)
    loaded = load(ModelPath.at(tmp_path / name), Settings())
    model = loaded.model
    assert (loaded.format, model.n_features_in_) == (kind, 4)
    np.testing.assert_allclose(model.predict(X), saved.predict(X).astype(float), rtol=1e-5)
    assert hasattr(model, "predict_proba") == hasattr(saved, "predict_proba")
    if hasattr(saved, "predict_proba"):
        np.testing.assert_allclose(model.predict_proba(X), saved.predict_proba(X), atol=1e-5)
        assert [int(label) for label in model.classes_] == saved.classes_.tolist()


def test_an_onnx_pipeline_has_one_input_per_column(tmp_path: Path) -> None:
    """Text and number columns reach the graph by name, as skl2onnx declares them."""
    frame = pd.DataFrame({"size": np.arange(4, dtype=np.float32), "colour": ["red", "blue"] * 2})
    columns = ColumnTransformer(
        [("c", OneHotEncoder(), ["colour"]), ("s", "passthrough", ["size"])]
    )
    model = make_pipeline(columns, Ridge()).fit(frame, [1.0, 2.0, 3.0, 4.0])
    graph = to_onnx(model, frame[:1])
    (tmp_path / "m.onnx").write_bytes(graph.SerializeToString())
    loaded = load(ModelPath.at(tmp_path / "m.onnx"), Settings()).model
    assert loaded.feature_names_in_.tolist() == ["size", "colour"]
    assert loaded.input_types == [np.float32, np.object_]
    np.testing.assert_allclose(loaded.predict(frame), model.predict(frame), rtol=1e-5)


@pytest.mark.parametrize(
    ("name", "content"),
    [("sample.json", b'{"a": 1}'), ("notes.txt", b"trees\n"), ("model", b""), ("m.pkl.bak", b"")],
)
def test_other_files_are_no_models(tmp_path: Path, name: str, content: bytes) -> None:
    """Endings that other files share are decided by how the file begins."""
    (tmp_path / name).write_bytes(content)
    assert format_of(tmp_path / name) is None
    assert format_of(tmp_path) is None
    with pytest.raises(ModelBroken, match="no known model format"):
        load(ModelPath.at(tmp_path / name), Settings())


@pytest.mark.parametrize(
    ("module", "case"),
    [("skops.io", 2), ("onnxruntime", 3), ("mlflow", 5), ("xgboost", 6), ("lightgbm", 8)],
)
def test_a_missing_package_names_the_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str, case: int
) -> None:
    """Without its package a format asks for a line in env.yml."""
    name, _, write, _ = CASES[case]
    write(tmp_path / name)
    imported = builtins.__import__

    def without(name: str, *args: Any) -> Any:
        # A mock: the packages are installed here, and taking them out would break other tests.
        if name == module:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return imported(name, *args)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ModelBroken, match=r"Add the line '- [a-z-]+' to the pip list of env.yml"):
        load(ModelPath.at(tmp_path / name), Settings())


def test_skops_loads_no_unknown_type_unless_trusted(tmp_path: Path) -> None:
    """A type that skops does not know is named, and loaded once the setting lists it."""
    model = make_pipeline(FunctionTransformer(doubled), LogisticRegression(max_iter=900)).fit(X, Y)
    skops.io.dump(model, tmp_path / "m.skops")
    unknown = skops.io.get_untrusted_types(file=tmp_path / "m.skops")
    assert len(unknown) == 1
    with pytest.raises(ModelBroken, match=f"{unknown[0]}.*SCORING_TRUSTED_TYPES"):
        load(ModelPath.at(tmp_path / "m.skops"), Settings())
    trusting = Settings.from_environ({"SCORING_TRUSTED_TYPES": ",".join(unknown)})
    assert (
        load(ModelPath.at(tmp_path / "m.skops"), trusting).model.predict(X) == model.predict(X)
    ).all()


@pytest.mark.parametrize(("setting", "mapped"), [("on", True), ("off", False)])
def test_large_arrays_are_mapped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: str, mapped: bool
) -> None:
    """A joblib file above the limit keeps its arrays in the file, unless the setting says no."""
    monkeypatch.setattr("scoring.models.formats.joblib.MMAP_BYTES", 1000)
    model = KNeighborsRegressor(algorithm="brute").fit(X, Y)
    joblib.dump(model, tmp_path / "m.joblib")
    settings = Settings.from_environ({"SCORING_MMAP": setting})
    loaded = load(ModelPath.at(tmp_path / "m.joblib"), settings).model
    assert isinstance(loaded._fit_X, np.memmap) is mapped
    assert loaded.predict(X).tolist() == nearly(model.predict(X).tolist())


def test_too_many_arrays_are_not_mapped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A model of many arrays would use up the file handles: it is read into memory."""
    monkeypatch.setattr("scoring.models.formats.joblib.MMAP_BYTES", 1000)
    monkeypatch.setattr("scoring.models.formats.joblib.resource.getrlimit", lambda _: (100, 100))
    joblib.dump([np.zeros(100) for _ in range(80)], tmp_path / "m.joblib")
    before = len(list(Path("/dev/fd").iterdir()))
    loaded = load(ModelPath.at(tmp_path / "m.joblib"), Settings()).model
    assert not isinstance(loaded[0], np.memmap)
    assert len(list(Path("/dev/fd").iterdir())) == before


def test_every_format_is_tested() -> None:
    """A new line in the table needs a new case above; Spark has tests/score/test_spark_table.py."""
    assert {known.name for known in FORMATS} == {kind for _, kind, _, _ in CASES} | {"spark"}


@pytest.mark.parametrize(
    "name",
    ["m.pickle", "m.joblib.gz", "m.pkl.gz", "m.pkl.bz2", "m.pkl.xz", "model", "packed"],
)
def test_pickles_by_any_name(tmp_path: Path, name: str) -> None:
    """Compressed, and without an ending by their content."""
    path = tmp_path / name
    joblib.dump([1, 2], path, compress=("gzip", 3) if name == "packed" else 0)
    if name == "m.pickle":
        path.write_bytes(pickle.dumps([1, 2]))
    (tmp_path / "LICENSE").write_text("Do as you like.")
    found = find_model(tmp_path)
    assert found.path == path
    assert load(found, Settings()).model == [1, 2]


def test_a_pickle_of_an_older_scikit_learn_is_called_that(tmp_path: Path) -> None:
    """A tree whose nodes have another layout names both versions, not damage."""
    tree = DecisionTreeClassifier(max_depth=1).fit([[0.0], [1.0]], [0, 1])
    content = pickle.dumps(tree)
    here = sklearn.__version__.encode()
    # What 1.2 saved: another version, and nodes without a field.
    older = content.replace(here, b"1.2.2").replace(b"missing_go_to_left", b"missing_go_to_lost")
    assert len(here) == len(b"1.2.2")
    (tmp_path / "m.pkl").write_bytes(older)
    with pytest.raises(ModelBroken, match=r"saved by scikit-learn 1\.2\.2; this service has"):
        load(ModelPath.at(tmp_path / "m.pkl"), Settings())
