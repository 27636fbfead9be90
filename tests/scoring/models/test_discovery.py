"""Every layout of the model folder: what is found, what is chosen, what a failure says."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import pytest
from scoring.errors import ModelNotFound
from scoring.models import discovery as paths
from scoring.models.azureml_paths import get_model_path
from scoring.models.discovery import find_model, find_models, model_dir

from tests.layouts import LAYOUTS, Layout


@pytest.fixture(scope="module")
def sdk() -> Any:
    """The SDK's own module of models."""
    with warnings.catch_warnings():
        # It calls deprecated parts of itself when it is imported.
        warnings.simplefilter("ignore")
        from azureml.core import model
    return model


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_all_models_are_found(tmp_path: Path, layout: Layout) -> None:
    """Each layout gives its names, versions and files, and nothing else."""
    folder = layout.lay_out(tmp_path)
    found = {(model.name, model.version): model.path for model in find_models(folder)}
    assert found == {key: folder / path for key, path in layout.found.items()}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_one_model_is_chosen(tmp_path: Path, layout: Layout) -> None:
    """One name is served at its highest version; several names are refused with both named."""
    folder = layout.lay_out(tmp_path)
    if layout.chosen is not None:
        assert find_model(folder).path == folder / layout.chosen
        return
    with pytest.raises(ModelNotFound) as refusal:
        find_model(folder)
    assert all(name in str(refusal.value) for name, _ in layout.found)
    for (name, version), path in layout.found.items():
        assert find_model(folder, name, version).path == folder / path


@pytest.mark.parametrize(
    ("name", "version", "message"),
    [
        ("my_frist_model", None, "Did you mean 'my_first_model'"),
        ("my_first_model", "2", r"no version '2'.* It has: 1\."),
        ("../my_first_model", None, "No model '../my_first_model'"),
        ("my_first_model", "../../my_second_model/2", "no version"),
        ("my_first_model/1", None, "No model"),
        ("/etc", None, "No model '/etc'"),
        (".", None, "No model"),
    ],
)
def test_a_name_cannot_leave_the_folder(
    tmp_path: Path, name: str, version: str | None, message: str
) -> None:
    """A name is compared, never joined to a path; the refusal shows the nearest and the tree."""
    folder = LAYOUTS["v1, several"].lay_out(tmp_path)
    with pytest.raises(ModelNotFound, match=message) as refusal:
        find_model(folder, name, version)
    assert "my_second_model.pkl" in str(refusal.value)


def test_nothing_there(tmp_path: Path) -> None:
    """A folder without a model shows what is there and which endings would do."""
    (tmp_path / "notes.txt").write_text("no model")
    with pytest.raises(ModelNotFound, match=r"No model \(\.joblib.*MLflow") as refusal:
        find_models(tmp_path)
    assert "notes.txt" in str(refusal.value)


def test_files_of_the_same_stem_keep_their_endings(tmp_path: Path) -> None:
    """model.pkl beside model.onnx are two models with two names."""
    for name in ("model.pkl", "model.onnx", "other.skops"):
        (tmp_path / name).write_bytes(b"")
    assert [model.name for model in find_models(tmp_path)] == ["model.onnx", "model.pkl", "other"]


def test_an_mlflow_folder_is_one_model(tmp_path: Path) -> None:
    """The pickle inside an MLflow folder is part of it."""
    folder = tmp_path / "azureml-models" / "m" / "1" / "mlflow"
    folder.mkdir(parents=True)
    (folder / "MLmodel").write_text("flavors: {}")
    (folder / "model.pkl").write_bytes(b"")
    assert find_models(folder.parent) == [paths.ModelPath("m", "1", folder)]
    assert find_model(folder).path == folder


def test_links_that_lead_back_end(tmp_path: Path) -> None:
    """A link to a folder above is not followed for ever."""
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "model.pkl").write_bytes(b"")
    (tmp_path / "back").symlink_to(tmp_path)
    assert [model.name for model in find_models(tmp_path)] == ["m"]
    assert "back" in paths.tree(tmp_path)


@pytest.mark.parametrize(
    ("value", "message"),
    [(None, "is not set"), ("", "is not set"), ("ridg", r"does not exist. Did you mean 'ridge'")],
)
def test_the_variable_must_name_something(tmp_path: Path, value: str | None, message: str) -> None:
    """A missing or misspelt AZUREML_MODEL_DIR is named, with the nearest folder."""
    (tmp_path / "ridge").mkdir()
    given = None if value is None else str(tmp_path / value) if value else ""
    environ = {} if given is None else {"AZUREML_MODEL_DIR": given}
    with pytest.raises(ModelNotFound, match=message):
        model_dir(environ)


def test_long_trees_are_cut(tmp_path: Path) -> None:
    """Fifty lines, then three dots."""
    for i in range(60):
        (tmp_path / f"{i}.txt").write_text("")
    lines = paths.tree(tmp_path).splitlines()
    assert (len(lines), lines[-1]) == (51, "...")


@pytest.mark.parametrize("version", [None, 2, 9])
def test_get_model_path_is_the_sdks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sdk: Any, version: int | None
) -> None:
    """Where the SDK finds a model, ours finds the same one."""
    LAYOUTS["v1, several versions"].lay_out(tmp_path)
    monkeypatch.setattr(sdk, "MODELS_DIR", str(tmp_path / "azureml-models"))
    ours = get_model_path("ridge", version, {"AML_APP_ROOT": str(tmp_path)})
    assert ours == sdk.Model.get_model_path("ridge", version)


@pytest.mark.parametrize("model_dir", ["azureml-models", "azureml-models/ridge/9"])
def test_get_model_path_below_the_model_dir(tmp_path: Path, model_dir: str) -> None:
    """Unlike the SDK, AZUREML_MODEL_DIR counts, of one model or of several."""
    LAYOUTS["v1, several versions"].lay_out(tmp_path)
    environ = {"AZUREML_MODEL_DIR": str(tmp_path / model_dir)}
    expected = str(tmp_path / "azureml-models" / "ridge" / "10" / "model.pkl")
    assert get_model_path("ridge", environ=environ) == expected


def test_get_model_path_in_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sdk: Any
) -> None:
    """Like the SDK, the last place is ./NAME, for a model asked for without version."""
    (tmp_path / "ridge.pkl").write_bytes(b"")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sdk, "MODELS_DIR", "azureml-models")
    assert get_model_path("ridge.pkl", environ={}) == sdk.Model.get_model_path("ridge.pkl")


@pytest.mark.parametrize(
    ("name", "version", "message"),
    [
        ("rigde", None, "Did you mean 'ridge'"),
        ("ridge", 3, r"\(versions: 2, 9, 10\)"),
        ("../azureml-models/ridge", None, "No model"),
        ("several", None, "must hold one file or folder.*a.txt, b.txt"),
    ],
)
def test_get_model_path_says_what_is_there(
    tmp_path: Path, name: str, version: int | None, message: str
) -> None:
    """A failure names the nearest model, the versions there are and where it looked."""
    LAYOUTS["v1, several versions"].lay_out(tmp_path)
    several = tmp_path / "azureml-models" / "several" / "1"
    several.mkdir(parents=True)
    for file in ("a.txt", "b.txt"):
        (several / file).write_text("")
    with pytest.raises(ModelNotFound, match=message):
        get_model_path(name, version, {"AML_APP_ROOT": str(tmp_path)})
