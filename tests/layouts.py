"""Every layout in which Azure puts models, to be laid out for real in a temporary folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import joblib
from sklearn.dummy import DummyRegressor


@dataclass(frozen=True)
class Layout:
    """Files with the number that their model answers, and what must be found.

    Attributes:
        model_dir: what AZUREML_MODEL_DIR is, relative to the root.
        files: path to the number that the model in it answers.
        found: (name, version) to the path of the model.
        chosen: the path that one-model doors serve; None where they must refuse.
    """

    model_dir: str
    files: dict[str, float]
    found: dict[tuple[str, str], str]
    chosen: str | None

    def lay_out(self, root: Path) -> Path:
        """Write the models below `root`; return the model folder."""
        for name, answer in self.files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.suffix in (".pkl", ".joblib"):
                model = DummyRegressor(strategy="constant", constant=answer)
                joblib.dump(model.fit([[0.0]], [0.0]), path)
            else:
                path.write_text("{}")
        return root / self.model_dir


A = "azureml-models"

LAYOUTS = {
    "v1, one file": Layout(
        f"{A}/ridge/3", {f"{A}/ridge/3/model.pkl": 1}, {("ridge", "3"): "model.pkl"}, "model.pkl"
    ),
    "v1, one folder": Layout(
        f"{A}/ridge/3",
        {f"{A}/ridge/3/outputs/model.joblib": 1, f"{A}/ridge/3/outputs/notes.json": 0},
        {("ridge", "3"): "outputs/model.joblib"},
        "outputs/model.joblib",
    ),
    "v1, several": Layout(
        A,
        {
            f"{A}/my_first_model/1/my_first_model.pkl": 1,
            f"{A}/my_second_model/2/my_second_model.pkl": 2,
        },
        {
            ("my_first_model", "1"): "my_first_model/1/my_first_model.pkl",
            ("my_second_model", "2"): "my_second_model/2/my_second_model.pkl",
        },
        None,
    ),
    "v1, several folders": Layout(
        A,
        {f"{A}/a/1/out/model.pkl": 1, f"{A}/b/7/deep/er/model.pkl": 2},
        {("a", "1"): "a/1/out/model.pkl", ("b", "7"): "b/7/deep/er/model.pkl"},
        None,
    ),
    "v1, several versions": Layout(
        A,
        {f"{A}/ridge/{n}/model.pkl": n for n in (2, 9, 10)},
        {("ridge", str(n)): f"ridge/{n}/model.pkl" for n in (2, 9, 10)},
        "ridge/10/model.pkl",
    ),
    "v2, file asset": Layout(
        f"var/{A}/ridge/prod-b",
        {f"var/{A}/ridge/prod-b/model.pkl": 1},
        {("ridge", "prod-b"): "model.pkl"},
        "model.pkl",
    ),
    "v2, folder asset": Layout(
        f"var/{A}/ridge/1",
        {f"var/{A}/ridge/1/ridge_folder/model.joblib": 1, f"var/{A}/ridge/1/ridge_folder/x.txt": 0},
        {("ridge", "1"): "ridge_folder/model.joblib"},
        "ridge_folder/model.joblib",
    ),
    "v2, several in one asset": Layout(
        f"var/{A}/bundle/1",
        {f"var/{A}/bundle/1/models/a.pkl": 1, f"var/{A}/bundle/1/models/b.joblib": 2},
        {("a", "1"): "models/a.pkl", ("b", "1"): "models/b.joblib"},
        None,
    ),
    "AutoML's extra level": Layout(
        f"{A}/AutoML1234/2",
        {f"{A}/AutoML1234/2/outputs/mlflow-model/model.pkl": 1},
        {("AutoML1234", "2"): "outputs/mlflow-model/model.pkl"},
        "outputs/mlflow-model/model.pkl",
    ),
    "plain folder": Layout(
        "here", {"here/my.joblib": 1}, {("here", "1"): "my.joblib"}, "my.joblib"
    ),
    "plain file": Layout("x/my.joblib", {"x/my.joblib": 1}, {("my", "1"): ""}, ""),
    "name and version": Layout(
        "models/ridge/4",
        {"models/ridge/4/m.pkl": 1, "models/ridge/4/sub/old.pkl": 2},
        {("ridge", "4"): "m.pkl"},
        "m.pkl",
    ),
}
