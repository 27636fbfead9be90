"""Train a classifier of photographs in color, and write it as ONNX with what its pictures are.

python training/photos.py --output models/photos/1
python training/photos.py --data pictures --output models/mine/1

A folder of your own has one folder for each class, named after it, with the pictures inside.
Without it: pieces of scikit-learn's two sample photographs, a temple and a flower.

The graph takes what networks trained elsewhere take: a batch of RGB pictures, channels first,
normalised (N, 3, 32, 32). It answers a probability for each class.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from arguments import at_least_one, output_folder
from image_input import write_image_input
from onnx import TensorProto, helper, numpy_helper
from PIL import Image, ImageOps, UnidentifiedImageError
from scoring_model.manifest import described, write_manifest
from sklearn.datasets import load_sample_images
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from tqdm import tqdm

Pictures = npt.NDArray[np.uint8]
Labels = npt.NDArray[Any]

SIDE = 32

#: Of ImageNet, as torchvision's models have them: mean and deviation of red, green and blue.
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)

#: A piece of a sample photograph; neighbours overlap by half.
PIECE = 64

MODEL = "model.onnx"


def sample_pictures() -> tuple[Pictures, Labels, Pictures, Labels]:
    """Return pieces of the sample photographs: pictures and labels to train on, then to test on.

    What is tested on is the right-hand quarter of both, which no piece to train on reaches into.
    """
    parts: dict[bool, list[tuple[Pictures, str]]] = {False: [], True: []}
    photographs = load_sample_images().images
    for label, photograph in zip(("temple", "flower"), photographs, strict=True):
        border = photograph.shape[1] * 3 // 4
        for held_out, part in ((False, photograph[:, :border]), (True, photograph[:, border:])):
            parts[held_out] += [(piece, label) for piece in _pieces(part)]
    (train, labels), (test, test_labels) = (zip(*parts[key], strict=True) for key in (False, True))
    return np.stack(train), np.array(labels), np.stack(test), np.array(test_labels)


def _pieces(photograph: Pictures) -> Iterator[Pictures]:
    height, width = photograph.shape[:2]
    for top in range(0, height - PIECE + 1, PIECE // 2):
        for left in range(0, width - PIECE + 1, PIECE // 2):
            piece = Image.fromarray(photograph[top : top + PIECE, left : left + PIECE])
            yield fitted(piece)


def fitted(picture: Image.Image) -> Pictures:
    """Return a picture scaled and cut off to the model's size, (32, 32, 3)."""
    return np.asarray(ImageOps.fit(picture.convert("RGB"), (SIDE, SIDE), Image.Resampling.BILINEAR))


def own_pictures(
    parser: argparse.ArgumentParser, folder: Path, seed: int
) -> tuple[Pictures, Labels, Pictures, Labels]:
    """Return a folder's pictures; a fifth of each class is held out.

    Ends the program where the folder is no such folder.
    """
    classes = sorted(path for path in folder.glob("*/") if not path.name.startswith("."))
    if len(classes) < 2:
        parser.error(f"{folder} needs a folder for each class, two at least; has {len(classes)}")
    pictures, labels = [], []
    for path in (file for one in classes for file in sorted(one.iterdir())):
        try:
            with Image.open(path) as picture:
                pictures.append(fitted(ImageOps.exif_transpose(picture)))
        except (UnidentifiedImageError, OSError) as error:
            parser.error(f"{path} is no picture that Pillow reads: {type(error).__name__}")
        labels.append(path.parent.name)
    few = [one.name for one in classes if labels.count(one.name) < 5]
    if few:
        parser.error(f"{folder / few[0]} has {labels.count(few[0])} pictures; five are needed")
    train, test, train_labels, test_labels = train_test_split(
        np.stack(pictures), np.array(labels), test_size=0.2, random_state=seed, stratify=labels
    )
    return train, train_labels, test, test_labels


def normalised(pictures: Pictures) -> npt.NDArray[np.float32]:
    """Return pictures (n, 32, 32, 3) as the graph takes them, (n, 3, 32, 32)."""
    values = (pictures / 255 - np.array(MEAN)) / np.array(STD)
    return np.asarray(values.transpose(0, 3, 1, 2), dtype=np.float32)


def train_model(pictures: Pictures, labels: Labels, seed: int, epochs: int) -> MLPClassifier:
    """Fit a small network to pictures (n, 32, 32, 3), each also seen in a mirror."""
    both = np.concatenate([pictures, pictures[:, :, ::-1]])
    rows = normalised(both).reshape(len(both), -1)
    target = np.concatenate([labels, labels])
    network = MLPClassifier(
        (64,), alpha=1.0, batch_size=min(64, len(rows)), learning_rate_init=3e-4, random_state=seed
    )
    for _ in tqdm(range(epochs), desc="epochs", disable=None):
        network.partial_fit(rows, target, classes=np.unique(labels))
    return network


def to_onnx(network: MLPClassifier) -> onnx.ModelProto:
    """Return a graph from a batch (n, 3, 32, 32) to a probability for each class."""
    nodes, weights, last = [helper.make_node("Flatten", ["pictures"], ["rows"])], [], "rows"
    layers = list(zip(network.coefs_, network.intercepts_, strict=True))
    if len(network.classes_) == 2:
        # scikit-learn has one output for two classes; softmax of (0, x) is its logistic function.
        coefficients, intercepts = layers[-1]
        layers[-1] = (np.hstack([0 * coefficients, coefficients]), np.append(0, intercepts))
    for i, (coefficients, intercepts) in enumerate(layers):
        names = [f"weights_{i}", f"bias_{i}"]
        for name, values in zip(names, (coefficients, intercepts), strict=True):
            weights.append(numpy_helper.from_array(values.astype(np.float32), name))
        nodes.append(helper.make_node("Gemm", [last, *names], [f"sum_{i}"]))
        end = i == len(layers) - 1
        last = "probabilities" if end else f"layer_{i}"
        nodes.append(helper.make_node("Softmax" if end else "Relu", [f"sum_{i}"], [last]))
    pictures = helper.make_tensor_value_info("pictures", TensorProto.FLOAT, [None, 3, SIDE, SIDE])
    answer = helper.make_tensor_value_info(last, TensorProto.FLOAT, [None, len(network.classes_)])
    graph = helper.make_graph(nodes, "photos", [pictures], [answer], weights)
    # Read by every onnxruntime since 1.10.
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)
    onnx.checker.check_model(model)
    return model


def main(argv: Sequence[str] | None = None) -> None:
    """Train and write graph, manifest and declaration into the output folder."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, help="a folder with a folder for each class")
    parser.add_argument("--output", type=Path, required=True, help="folder to write to")
    parser.add_argument("--seed", type=int, default=0, help="(default: %(default)s)")
    parser.add_argument("--epochs", type=at_least_one, default=20, help="(default: %(default)s)")
    args = parser.parse_args(argv)
    found = own_pictures(parser, args.data, args.seed) if args.data else sample_pictures()
    train, labels, test, test_labels = found
    with output_folder(parser, args.output) as output:
        network = train_model(train, labels, args.seed, args.epochs)
        accuracy = network.score(normalised(test).reshape(len(test), -1), test_labels)
        (output / MODEL).write_bytes(to_onnx(network).SerializeToString())
        write_manifest(output, described(
            output / MODEL, name=MODEL, by="training/photos.py", versions={},
            parameters={"seed": args.seed, "epochs": args.epochs},
            metrics={"accuracy": float(accuracy)}, model_format="onnx",
        ))  # fmt: skip
        write_image_input(output, {
            "summary": "Tells which class a photograph is of.",
            "labels": network.classes_.tolist(),
            "pixels": {"width": SIDE, "height": SIDE, "layout": "NCHW", "mean": MEAN, "std": STD},
        })  # fmt: skip
    print(json.dumps({"accuracy": float(accuracy)}))


if __name__ == "__main__":
    main()
