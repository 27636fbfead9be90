"""ONNX graphs of table models, with the methods of a scikit-learn estimator.

A graph tells the types and widths of its inputs, and the names, not the meaning, of its outputs.
The first output is the prediction. Others are probabilities only where they are seen to be: a
number between 0 and 1 for every class, 1 in sum. Distances, margins and scores are not served.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from scoring.extras import optional
from scoring.models.formats.onnx_tensor import OnnxTensorModel, takes_tensor
from scoring.settings import Settings

#: ONNX's names of element types, as numpy has them.
ONNX_TYPES = {
    "tensor(float)": np.float32,
    "tensor(double)": np.float64,
    "tensor(float16)": np.float16,
    "tensor(int64)": np.int64,
    "tensor(int32)": np.int32,
    "tensor(int16)": np.int16,
    "tensor(int8)": np.int8,
    "tensor(uint64)": np.uint64,
    "tensor(uint32)": np.uint32,
    "tensor(uint16)": np.uint16,
    "tensor(uint8)": np.uint8,
    "tensor(bool)": np.bool_,
    "tensor(string)": np.object_,
}

#: How far the sum of the probabilities of a row may be from 1: they are 32-bit floats.
SUM_TOLERANCE = 1e-3

#: What the outputs are looked at with, far apart: margins and distances do not add up for all.
PROBES = (0.0, 1.0, -3.0, 50.0)


class OnnxModel:
    """An ONNX graph made from a table model, run on the CPU.

    The graph has inputs of one or more columns each, as skl2onnx makes them. Columns are called
    after the input, and numbered where it has several: `num_0`, `num_1`; of a single input `x0`,
    `x1`. Where the graph does not say how many there are, a sample has to.

    Args:
        session: an `onnxruntime.InferenceSession`.

    Raises:
        ValueError: an input is no table's.
    """

    def __init__(self, session: Any) -> None:
        self._session = session
        self._inputs = self._session.get_inputs()
        self._outputs = [output.name for output in self._session.get_outputs()]
        self._widths = [_width(one) for one in self._inputs]
        # Some exporters fix the number of rows.
        self._one_row = any(one.shape[:1] == [1] for one in self._inputs)
        if None not in self._widths:
            self._name_columns([width or 0 for width in self._widths])
            self._find_probabilities()

    def _name_columns(self, widths: list[int]) -> None:
        self.n_features_in_ = sum(widths)
        single = self._inputs[0]
        if len(widths) == 1 and (widths != [1] or single.type != "tensor(string)"):
            return
        names = [
            one.name if width == 1 else f"{one.name}_{i}"
            for one, width in zip(self._inputs, widths, strict=True)
            for i in range(width)
        ]
        self.feature_names_in_ = np.array(names, dtype=object)

    def _find_probabilities(self) -> None:
        """Offer `predict_proba` where the outputs behind the first are probabilities."""
        if len(self._outputs) == 1:
            return
        try:
            names = _class_names(self._outputs[1:], self._session.get_outputs()[0].type)
            found = _probabilities(self._run(self._probes(), self._outputs[1:]), names)
        except Exception:  # noqa: BLE001 - a text that it does not know, an operator that fails
            return
        if found is not None:
            self.classes_ = np.array(found)
            self.predict_proba = self._predict_proba

    @property
    def input_types(self) -> list[Any]:
        """The columns' numpy types."""
        widths = zip(self._inputs, self._widths, strict=True)
        return [ONNX_TYPES[one.type] for one, width in widths for _ in range(width or 0)]

    def predict(self, table: Any) -> npt.NDArray[Any]:
        """Return the first output, (rows,) or (rows, outputs)."""
        result = np.asarray(self._run(table, self._outputs[:1])[0])
        return result[:, 0] if result.ndim == 2 and result.shape[1] == 1 else result

    def _predict_proba(self, table: Any) -> npt.NDArray[Any]:
        scores = self._run(table, self._outputs[1:])
        if isinstance(scores[0], list):
            return np.array([[row[label] for label in self.classes_.tolist()] for row in scores[0]])
        return _stacked(scores)

    def _run(self, table: Any, outputs: list[str]) -> list[Any]:
        """Return outputs for a frame or matrix, (rows, columns)."""
        frame = pd.DataFrame(table)
        if self._one_row and len(frame) > 1:
            rows = [self._run(frame.iloc[[i]], outputs) for i in range(len(frame))]
            return [_joined(parts) for parts in zip(*rows, strict=True)]
        feed, start = {}, 0
        for one, width in zip(self._inputs, self._widths, strict=True):
            stop = frame.shape[1] if width is None else start + width
            cells = frame.iloc[:, start:stop].to_numpy(dtype=ONNX_TYPES[one.type])
            feed[one.name] = cells[:, 0] if len(one.shape) == 1 else cells
            start = stop
        if start != frame.shape[1]:
            raise ValueError(f"the graph has {start} columns, not {frame.shape[1]}")
        answers: list[Any] = self._session.run(outputs, feed)
        return answers

    def _probes(self) -> pd.DataFrame:
        """Return rows of every number, where its type holds it."""
        return pd.DataFrame(
            [[_probe(kind, value) for kind in self.input_types] for value in PROBES]
        )


def _probe(kind: Any, value: float) -> Any:
    if kind is np.object_:
        return ""
    return abs(value) if np.dtype(kind).kind in "ub" else value


def _width(one: Any) -> int | None:
    """Return how many columns an input has; None where the graph leaves it open.

    Raises:
        ValueError: it is no table's.
    """
    if one.type not in ONNX_TYPES or len(one.shape) not in (1, 2):
        raise ValueError(
            f"its input {one.name!r} is a {one.type} of shape {one.shape}: no columns of a table"
        )
    if len(one.shape) == 1:
        return 1
    return one.shape[1] if isinstance(one.shape[1], int) else None


def _class_names(outputs: list[str], kind: str) -> list[Any]:
    """Return the classes that outputs are called after: `syes` for a text, `i3` for a number."""
    mark, read = {"tensor(string)": ("s", str), "tensor(int64)": ("i", int)}.get(kind, ("", str))
    try:
        named = [read(name.removeprefix(mark)) for name in outputs]
    except ValueError:
        return outputs
    return named if all(name.startswith(mark) for name in outputs) else outputs


def _probabilities(outputs: list[Any], names: list[Any]) -> list[Any] | None:
    """Return the classes, None where the outputs are no probabilities.

    Args:
        outputs: the output behind the first: a list of dictionaries (ZipMap), or a matrix; or
            one column for each class (ZipMap's "columns").
        names: the classes in the latter case.
    """
    first = outputs[0]
    if isinstance(first, list):
        classes = list(first[0]) if first and isinstance(first[0], dict) else []
        shares = np.array([[row.get(label, np.nan) for label in classes] for row in first])
    else:
        shares = _stacked(outputs)
        classes = names if len(outputs) > 1 else list(range(shares.shape[1]))
    if shares.ndim != 2 or shares.shape[1] < 2 or shares.dtype.kind != "f":
        return None
    sums = bool(np.allclose(shares.sum(axis=1), 1, atol=SUM_TOLERANCE))
    return classes if sums and shares.min() >= 0 else None


def _stacked(outputs: list[Any]) -> npt.NDArray[Any]:
    """Return a matrix, or columns of (rows,) or (rows, 1) beside one another."""
    if len(outputs) == 1:
        return np.asarray(outputs[0])
    return np.column_stack([np.asarray(one).reshape(len(one), -1) for one in outputs])


def _joined(parts: Any) -> Any:
    """Return what several runs answered as if it were one's."""
    if isinstance(parts[0], list):
        return [row for part in parts for row in part]
    return np.concatenate(parts)


def _load_onnx(path: Path, _settings: Settings) -> Any:
    with optional("onnxruntime"):
        import onnxruntime

        session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        return OnnxTensorModel(session) if takes_tensor(session) else OnnxModel(session)
