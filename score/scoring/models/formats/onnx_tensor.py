"""ONNX graphs that take one tensor, such as a batch of pictures."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

#: Axes of a table; a tensor has more.
TABLE_AXES = 2


class OnnxTensorModel:
    """An ONNX graph with one input of three axes or more, run on the CPU.

    Its first output is what it answers. What that means (probabilities, logits, values) no graph
    says: the door's declaration does.

    Args:
        session: an `onnxruntime.InferenceSession`.
    """

    def __init__(self, session: Any) -> None:
        self._session = session
        self._input = session.get_inputs()[0].name
        self._output = session.get_outputs()[0].name

    def predict(self, batch: Any) -> npt.NDArray[Any]:
        """Return the first output, (pictures, ...)."""
        return np.asarray(self._session.run([self._output], {self._input: batch})[0])

    predict_proba = predict


def takes_tensor(session: Any) -> bool:
    """Tell whether a graph's one input has more axes than a table."""
    inputs = session.get_inputs()
    return len(inputs) == 1 and len(inputs[0].shape) > TABLE_AXES
