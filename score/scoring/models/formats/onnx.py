"""ONNX graphs of table models, with the methods of a scikit-learn estimator."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from scoring.extras import optional
from scoring.settings import Settings

#: ONNX's names of element types, as numpy has them.
ONNX_TYPES = {
    "tensor(float)": np.float32,
    "tensor(double)": np.float64,
    "tensor(float16)": np.float16,
    "tensor(int64)": np.int64,
    "tensor(int32)": np.int32,
    "tensor(bool)": np.bool_,
    "tensor(string)": np.object_,
}


class OnnxModel:
    """An ONNX graph made from a table model, run on the CPU.

    The graph has either one input, a matrix of all columns, or one input of width 1 per
    column, as skl2onnx makes it for a ColumnTransformer. Its first output is the prediction;
    a second one holds the probabilities.

    Raises:
        ModuleNotFoundError: onnxruntime is not installed.
    """

    def __init__(self, path: Path) -> None:
        import onnxruntime

        self._session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        self._inputs = self._session.get_inputs()
        self._outputs = [output.name for output in self._session.get_outputs()]
        unknown = sorted({one.type for one in self._inputs} - ONNX_TYPES.keys())
        if unknown:
            raise ValueError(f"inputs of type {', '.join(unknown)} are no table columns")
        if len(self._inputs) == 1:
            width = self._inputs[0].shape[-1]
            if not isinstance(width, int):
                raise ValueError("the graph does not say how many columns its input has")
            self.n_features_in_ = width
            if width == 1 and self._inputs[0].type == "tensor(string)":
                self.feature_names_in_ = np.array([self._inputs[0].name], dtype=object)
        else:
            names = [one.name for one in self._inputs]
            self.n_features_in_ = len(names)
            self.feature_names_in_ = np.array(names, dtype=object)
        if len(self._outputs) > 1:
            self.predict_proba = self._predict_proba

    @property
    def input_types(self) -> list[Any]:
        """The columns' numpy types."""
        if len(self._inputs) == 1:
            return [ONNX_TYPES[self._inputs[0].type]] * self.n_features_in_
        return [ONNX_TYPES[one.type] for one in self._inputs]

    @cached_property
    def classes_(self) -> npt.NDArray[Any]:
        """The classes, in the order of `predict_proba`; their numbers where the graph lost them."""
        scores = self._run(self._zeros(), self._outputs[1])
        labels = list(scores[0]) if isinstance(scores, list) else range(np.shape(scores)[1])
        return np.array(labels)

    def predict(self, table: Any) -> npt.NDArray[Any]:
        """Return the first output, (rows,) or (rows, outputs)."""
        result = np.asarray(self._run(table, self._outputs[0]))
        return result[:, 0] if result.ndim == 2 and result.shape[1] == 1 else result

    def _predict_proba(self, table: Any) -> npt.NDArray[Any]:
        scores = self._run(table, self._outputs[1])
        # ZipMap makes a list of dictionaries, one per row.
        if isinstance(scores, list):
            return np.array([[row[label] for label in self.classes_.tolist()] for row in scores])
        return np.asarray(scores)

    def _run(self, table: Any, output: str) -> Any:
        frame = pd.DataFrame(table)
        kinds = self.input_types
        if len(self._inputs) == 1:
            feed = {self._inputs[0].name: frame.to_numpy(dtype=kinds[0])}
        else:
            columns = [frame.iloc[:, [i]].to_numpy(dtype=kind) for i, kind in enumerate(kinds)]
            feed = {one.name: cells for one, cells in zip(self._inputs, columns, strict=True)}
        return self._session.run([output], feed)[0]

    def _zeros(self) -> pd.DataFrame:
        cells = ["" if kind is np.object_ else 0 for kind in self.input_types]
        return pd.DataFrame([cells])


def _load_onnx(path: Path, _settings: Settings) -> Any:
    with optional("onnxruntime"):
        return OnnxModel(path)
