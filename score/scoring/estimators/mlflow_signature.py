"""What an MLflow model says of its input: a signature, and an example."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from scoring.errors import ModelBroken
from scoring.estimators.learned import NUMBER, TEXT
from scoring.models.formats.mlflow import MLFLOW_FILE

#: pandas' types with a null of their own, for columns that may be left out.
NULLABLE = {"int64": "Int64", "int32": "Int32", "bool": "boolean"}


def signed_sample(path: Path) -> tuple[pd.DataFrame, tuple[str, ...]] | None:
    """Return a sample by an MLflow model's signature, and the columns that may be left out.

    Without a signature the input example is taken, where it is a table. None without both, and
    for a model of another format.

    Raises:
        ModelBroken: the signature is of what no table of plain values is.
    """
    if not (path / MLFLOW_FILE).is_file():
        return None
    from mlflow.models import Model

    described = Model.load(str(path))
    signature = described.signature
    if signature is None or signature.inputs is None:
        return _example(described, path)
    if signature.inputs.is_tensor_spec():
        return _tensor(signature.inputs.inputs), ()
    specified = signature.inputs.inputs
    columns = {
        f"x{i}" if column.name is None else column.name: _cells(column)
        for i, column in enumerate(specified)
    }
    if len(columns) < len(specified):
        raise ModelBroken("Its MLflow signature has two columns of one name: rename one.")
    may_lack = tuple(column.name for column in specified if column.name and not column.required)
    return pd.DataFrame(columns), may_lack


def signed_parameters(path: Path) -> dict[str, Any]:
    """Return the parameters of an MLflow model's signature with their defaults.

    One without a default is left out: nothing tells what a client may send for it.
    """
    if not (path / MLFLOW_FILE).is_file():
        return {}
    from mlflow.models import Model

    signature = Model.load(str(path)).signature
    if signature is None or signature.params is None:
        return {}
    params = {param.name: param.default for param in signature.params.params}
    return {name: default for name, default in params.items() if default not in (None, [])}


def _cells(column: Any) -> pd.Series[Any]:
    """Return a column of a signature's type; with null in its second row if it may be left out."""
    kind = getattr(column.type, "name", "")
    if not kind:
        raise ModelBroken(
            f"Column {column.name!r} of its MLflow signature is {column.type}: a record of plain "
            "values cannot hold that. Serve it with a script of your own, or train with columns."
        )
    dtype = np.dtype(column.type.to_pandas())
    fillers: dict[str, Any] = {"M": pd.Timestamp(2026, 1, 1), "b": False, "f": NUMBER, "i": 0}
    first = b"bytes" if kind == "binary" else fillers.get(dtype.kind, TEXT)
    cells: Any = [first, first if column.required else None]
    target: Any = dtype if column.required else NULLABLE.get(dtype.name, dtype)
    return pd.Series(cells, dtype=object if dtype.kind in "OUS" else target)


def _tensor(tensors: list[Any]) -> pd.DataFrame:
    """Return a sample of a tensor with a row per row: its columns are `x0`, `x1`, ...

    Raises:
        ModelBroken: there are several, or it is of another form.
    """
    shape = tensors[0].shape
    if len(tensors) > 1 or len(shape) != 2 or shape[1] < 1 or tensors[0].type.kind not in "iufb":
        said = ", ".join(map(str, tensors))
        raise ModelBroken(
            f"Its MLflow signature asks for {said}: only one matrix of numbers, (-1, columns), "
            "can be sent as rows. Serve it with a script of your own."
        )
    cell = np.zeros(1, dtype=tensors[0].type)
    return pd.DataFrame({f"x{i}": cell for i in range(shape[1])})


def _example(described: Any, path: Path) -> tuple[pd.DataFrame, tuple[str, ...]] | None:
    example = (
        described.load_input_example(str(path)) if described.saved_input_example_info else None
    )
    if isinstance(example, np.ndarray) and example.ndim == 2:
        example = pd.DataFrame(example, columns=[f"x{i}" for i in range(example.shape[1])])
    return (example, ()) if isinstance(example, pd.DataFrame) and len(example) else None
