"""A model of pictures: every picture of a request goes to it in one batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from scoring.errors import ModelBroken, OutputMismatch
from scoring.images.declaration import DECLARATION, Declaration, read_declaration
from scoring.images.decoding import decode
from scoring.images.preparation import Prepare, options_of, preparation, prepared
from scoring.images.uploads import Upload, image_name
from scoring.models.loading import LoadedModel
from scoring.settings import Settings

#: How far the probabilities of a picture may be from adding up to 1; float16 keeps three digits.
SUM_TOLERANCE = 1e-2

#: Side of the pictures that the model is tried with; any size must do.
TRIAL_SIDE = 64


class ImageModel:
    """A loaded model with what its declaration says.

    Args:
        loaded: a scikit-learn estimator, or an ONNX graph that takes one tensor.
        settings: the limits on pictures.

    Raises:
        ModelBroken: the declaration is missing or wrong, or the model does not take what it says.
    """

    def __init__(self, loaded: LoadedModel, settings: Settings) -> None:
        self.declaration, source = read_declaration(loaded.path)
        self._prepare: Prepare = preparation(self.declaration, source)
        self._model, self._settings = loaded.model, settings
        self._labels = _labels(self.declaration, loaded.model)
        self._try()

    def score(self, upload: Upload) -> list[dict[str, Any]]:
        """Return a result for each picture, in their order.

        Returns:
            `label` and `probabilities` by class, or for a model of values `prediction`; and
            `width` and `height` of the picture as received.

        Raises:
            ClientError: a picture or an option cannot be used; the message names it.
            OutputMismatch: the model's answer is not what its declaration says.
        """
        options = options_of(self.declaration, upload.data)
        arrays, sizes = [], []
        for i, content in enumerate(upload.images):
            # One at a time: what is kept of a picture is what the model takes.
            where = image_name(i, upload)
            picture = decode(content, where, self._settings)
            arrays.append(prepared(self._prepare, picture.rgb, where, options))
            sizes.append({"width": picture.width, "height": picture.height})
        results = self._results(np.stack(arrays))
        return [result | size for result, size in zip(results, sizes, strict=True)]

    def _results(self, batch: npt.NDArray[Any]) -> list[dict[str, Any]]:
        if self.declaration.output == "values":
            values = _one_each(self._model.predict(batch), len(batch))
            return [{"prediction": value} for value in values.tolist()]
        chances = _one_each(self._model.predict_proba(batch), len(batch))
        if self.declaration.output == "logits":
            powers = np.exp(chances - chances.max(axis=1, keepdims=True))
            chances = powers / powers.sum(axis=1, keepdims=True)
        return [self._result(row) for row in chances]

    def _result(self, chances: npt.NDArray[Any]) -> dict[str, Any]:
        if chances.shape != (len(self._labels),):
            raise OutputMismatch(
                f"The model answers {chances.shape} for a picture; {len(self._labels)} labels are "
                f"known, of the model or of {DECLARATION}."
            )
        if not (abs(chances.sum() - 1) <= SUM_TOLERANCE and chances.min() >= -SUM_TOLERANCE):
            raise OutputMismatch(
                "The model's numbers for a picture are no probabilities: they do not add up to 1. "
                f'Declare "output": "logits" or "values" in {DECLARATION}.'
            )
        probabilities = dict(zip(self._labels, chances.tolist(), strict=True))
        return {"label": self._labels[int(chances.argmax())], "probabilities": probabilities}

    def _try(self) -> None:
        """Ask the model about two differing pictures, made as a request makes them."""
        noise = np.random.default_rng(0)
        arrays = []
        try:
            for _ in range(2):
                # Dark on light in the middle, which every preparation can make something of.
                page = np.full((TRIAL_SIDE, TRIAL_SIDE, 3), 255, dtype=np.uint8)
                page[16:48, 24:40] = noise.integers(0, 100, (32, 16, 3))
                arrays.append(self._prepare(Image.fromarray(page), {}))
            self._results(np.stack(arrays))
        except Exception as error:
            shapes = ", ".join(str(np.shape(array)) for array in arrays) or "none"
            raise ModelBroken(
                f"The model cannot score what {DECLARATION} makes of a picture (shapes: {shapes}): "
                f"{type(error).__name__}: {error}"
            ) from error


def _labels(declaration: Declaration, model: Any) -> Sequence[Any]:
    """Return the classes in the order of the model's outputs; none for a model of values.

    Raises:
        ModelBroken: nobody knows them, or the model has others than those declared.
    """
    if declaration.output == "values":
        return ()
    own = getattr(model, "classes_", None)
    known: list[Any] | None = None if own is None else np.asarray(own).tolist()
    labels = known if declaration.labels is None else declaration.labels
    if labels is None:
        raise ModelBroken(f'The model does not name its classes: add "labels" to {DECLARATION}.')
    if known is not None and known != labels:
        raise ModelBroken(f'"labels" in {DECLARATION} are {labels}; the model has {known}.')
    return labels


def _one_each(answer: Any, pictures: int) -> npt.NDArray[Any]:
    """Return the model's answer as an array.

    Raises:
        OutputMismatch: it is not one for each picture.
    """
    result = np.asarray(answer)
    if result.shape[:1] != (pictures,):
        raise OutputMismatch(f"The model answers {result.shape} for {pictures} pictures.")
    return result
