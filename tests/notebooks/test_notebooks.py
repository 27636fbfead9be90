"""The notebooks, executed as a user runs them, one after the other."""

from __future__ import annotations

import ast
import json
import runpy
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import joblib
import nbformat
import pytest
import train
from nbclient import NotebookClient
from nbconvert import PythonExporter

from tests.nearly import nearly

pytestmark = [
    # pyzmq's event loop is made by jupyter_client with what asyncio deprecates in 3.12.
    pytest.mark.filterwarnings("ignore:There is no current event loop:DeprecationWarning"),
]

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
TRAINING = "Diabetes Ridge Regression Training"
SCORING = "Diabetes Ridge Regression Scoring"
SERVICE = "Score the running service"


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory, root: Path, sample_model: Path) -> Path:
    """A folder where the notebooks see the project and write beside themselves."""
    top = tmp_path_factory.mktemp("project")
    for name in ("training", "score", "deploy"):
        (top / name).symlink_to(root / name)
    (top / "models" / "diabetes").mkdir(parents=True)
    (top / "models" / "diabetes" / "1").symlink_to(sample_model)
    (top / "notebooks").mkdir()
    return top / "notebooks"


def executed(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run every cell of a notebook in `folder` and return it with its outputs."""
    # A kernel leaves its connection file and history in its own home, not the user's.
    monkeypatch.setenv("IPYTHONDIR", str(folder / "ipython"))
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(folder / "runtime"))
    notebook = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
    resources = {"metadata": {"path": str(folder)}}
    return NotebookClient(notebook, timeout=120, resources=resources).execute()


def outputs(notebook: Any) -> Iterator[Any]:
    """Yield every output of every cell."""
    for cell in notebook.cells:
        yield from cell.get("outputs", [])


def printed(notebook: Any) -> str:
    """Return what the cells printed."""
    return "".join(o.text for o in outputs(notebook) if o.output_type == "stream")


def pictures(notebook: Any) -> int:
    """Count the pictures shown."""
    return sum("image/png" in o.get("data", {}) for o in outputs(notebook))


def test_the_experimenters_notebooks(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Training leaves a model, its picture and metrics; scoring loads it and agrees with it."""
    trained = executed(TRAINING, workplace, monkeypatch)
    model = joblib.load(workplace / "outputs" / "sklearn_regression_model.pkl")
    scored = executed(SCORING, workplace, monkeypatch)
    X = train.sample_data()[0].drop(columns="Y").head(2)
    assert pictures(trained) == 1
    answers = [ast.literal_eval(line) for line in printed(scored).splitlines()]
    assert answers == [{"result": nearly(model.predict(X).tolist())}] * 2


def test_the_cleaned_notebooks(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They write and check a model that predicts what train.py's does."""
    shown = executed(f"{TRAINING} (clean)", workplace, monkeypatch)
    executed(f"{SCORING} (clean)", workplace, monkeypatch)
    (entry,) = json.loads((workplace / "outputs/diabetes/models.json").read_text())["models"]
    train.main(["--output", str(workplace / "by-train")])
    (expected,) = json.loads((workplace / "by-train" / "models.json").read_text())["models"]
    assert entry["predictions_sha256"] == expected["predictions_sha256"]
    assert pictures(shown) == 1


def test_score_the_running_service(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The service answers all patients, the picture is drawn, a mistake is explained."""
    notebook = executed(SERVICE, workplace, monkeypatch)
    assert "442 predictions, request id" in printed(notebook)
    assert "400" in printed(notebook)
    assert "bmi" in printed(notebook)
    assert pictures(notebook) == 1


def test_the_notebooks_functions_are_those_of_train(tmp_path: Path) -> None:
    """Converted to a script, the training notebook defines functions that give train's model."""
    notebook = nbformat.read(NOTEBOOKS / f"{TRAINING}.ipynb", as_version=4)
    # Imports and definitions alone: what a script keeps of a notebook.
    notebook.cells = [c for c in notebook.cells if c.source.startswith(("import ", "def "))]
    source, _ = PythonExporter().from_notebook_node(notebook)
    (tmp_path / "converted.py").write_text(source)
    theirs = runpy.run_path(str(tmp_path / "converted.py"))
    df = train.sample_data()[0]
    data, args = train.split_data(df), {"alpha": 0.5}
    their_data = theirs["split_data"](df)
    their_model, model = theirs["train_model"](their_data, args), train.train_model(data, args)
    assert their_model.coef_.tolist() == nearly(model.coef_.tolist())
    assert theirs["get_model_metrics"](their_model, their_data) == nearly(
        train.get_model_metrics(model, data)
    )


def test_every_notebook_becomes_a_script_that_runs(
    workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What `jupyter nbconvert --to script` writes is a .py that runs, without a notebook."""
    monkeypatch.setenv("MPLBACKEND", "agg")
    # Training goes first: scoring uses what it has written.
    names = (TRAINING, SCORING, f"{TRAINING} (clean)", f"{SCORING} (clean)", SERVICE)
    assert {path.stem for path in NOTEBOOKS.glob("*.ipynb")} == set(names)
    for name in names:
        (workplace / f"{name}.ipynb").write_bytes((NOTEBOOKS / f"{name}.ipynb").read_bytes())
    run = partial(subprocess.run, check=True, cwd=workplace)
    converted = [f"{name}.ipynb" for name in names]
    run([sys.executable, "-m", "jupyter", "nbconvert", *converted, "--to", "script"])
    for name in names:
        run([sys.executable, f"{name}.py"])
    model = joblib.load(workplace / "outputs" / "sklearn_regression_model.pkl")
    assert model.n_features_in_ == 10


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_stripped(path: Path) -> None:
    """No notebook holds outputs or counts; `make format` strips them."""
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert code
    assert not [c for c in code if c.outputs or c.execution_count is not None]
