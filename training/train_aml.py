"""The same training inside an Azure ML run: recorded, registered, submitted.

python training/train_aml.py train --parameters training/parameters.json
python training/train_aml.py register --name diabetes --model outputs
python training/train_aml.py submit --sdk v1 --compute cpu-cluster
"""

from __future__ import annotations

import argparse
import json
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import azure_ml
from arguments import command_line, load_table, output_folder
from azure_errors import AzureFailed
from tabular import Task
from tracking import MODEL_FOLDER, TRACKERS
from train import sample_data, split_data, train_model, write_outputs

PARAMETERS = Path(__file__).resolve().parent / "parameters.json"

#: Keys of the parameters file.
SECTIONS = ("training", "tags")


def main(argv: Sequence[str] | None = None) -> None:
    """Run one of the three commands."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    train = commands.add_parser(
        "train", help="train and record", parents=[command_line(None)], conflict_handler="resolve"
    )
    train.add_argument("--parameters", type=Path, default=PARAMETERS, metavar="JSON",
                       help="hyper-parameters and tags")  # fmt: skip
    train.add_argument("--tracking", choices=TRACKERS, default="azureml", help="where to record")
    train.add_argument("--register", metavar="NAME", help="register the model, in a v1 run")
    # Without --seed the parameters file decides.
    train.set_defaults(function=_train, parser=train, seed=None)
    register = commands.add_parser("register", help="register a model that was trained")
    register.add_argument("--name", required=True, help="the model's name in the workspace")
    register.add_argument("--model", type=Path, default=Path("outputs"), metavar="PATH",
                          help="output folder of a training, or the model file in it")  # fmt: skip
    register.set_defaults(function=_register, parser=register)
    submit = commands.add_parser("submit", help="run `train` on Azure ML's compute")
    submit.add_argument("--sdk", choices=("v1", "v2"), default="v2")
    submit.add_argument("--compute", default="local", help="a cluster's name (default: local)")
    submit.add_argument("arguments", nargs="*", help="for `train`, after --")
    submit.set_defaults(function=_submit, parser=submit)
    args = parser.parse_args(argv)
    args.function(args.parser, args)


def read_parameters(path: Path) -> dict[str, dict[str, Any]]:
    """Return the sections of a parameters file: `training` (Ridge's own, and `seed`) and `tags`.

    Raises:
        ValueError: it cannot be read, or has other keys; the message says which.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror}") from None
    except ValueError as error:
        raise ValueError(f"{path} is not JSON: {error}") from None
    if not isinstance(content, dict) or not all(isinstance(v, dict) for v in content.values()):
        raise ValueError(f"{path}: expected an object of the objects {', '.join(SECTIONS)}")
    unknown = sorted(content.keys() - set(SECTIONS))
    if unknown:
        raise ValueError(f"{path}: unknown key {unknown[0]!r}; known are {', '.join(SECTIONS)}")
    return {section: content.get(section, {}) for section in SECTIONS}


def _train(parser: argparse.ArgumentParser, args: argparse.Namespace) -> None:
    try:
        parameters = read_parameters(args.parameters)
        ridge = {**parameters["training"]}
        seed = ridge.pop("seed", 0) if args.seed is None else args.seed
        ridge.pop("seed", None)
        # Ridge itself knows which parameters it has, and checks them before it fits.
        train_model({"train": {"X": [[0.0], [1.0]], "y": [0.0, 1.0]}}, ridge)
    except (TypeError, ValueError) as error:
        parser.error(str(error))
    df, target = load_table(parser, args, sample_data, Task.REGRESSION)
    data = split_data(df, target, seed)
    with output_folder(parser, args.output), TRACKERS[args.tracking]() as tracker:
        run = _registering_run(parser, tracker) if args.register else None
        tracker.set_tags(parameters["tags"])
        tracker.log_parameters({**ridge, "seed": seed})
        model = train_model(data, ridge)
        metrics = write_outputs(
            args.output, model, df, data, by="training/train_aml.py",
            parameters={**ridge, "seed": seed},
        )  # fmt: skip
        tracker.log_metrics(metrics)
        tracker.log_model(args.output)
        if run is not None:
            _register_from_run(run, args)
    print(json.dumps(metrics))


def _registering_run(parser: argparse.ArgumentParser, tracker: Any) -> Any:
    """Return the run to register from; without one, end before anything is trained."""
    run = getattr(tracker, "run", None)
    if not hasattr(run, "register_model"):
        parser.error(
            "--register works inside a run of SDK v1 (--tracking azureml); elsewhere use the "
            "command register"
        )
    return run


def _register_from_run(run: Any, args: argparse.Namespace) -> None:
    described = azure_ml.registration(args.output)
    registered = azure_ml.register_from_run(run, args.register, MODEL_FOLDER, described)
    print(f"registered {registered.name}:{registered.version}")


def _register(parser: argparse.ArgumentParser, args: argparse.Namespace) -> None:
    try:
        registered = azure_ml.register(args.name, args.model)
    except azure_ml.NotRegistered as error:
        parser.error(str(error))
    except AzureFailed as error:
        raise SystemExit(str(error)) from None
    print(f"registered {registered.name}:{registered.version}")


def _submit(_parser: argparse.ArgumentParser, args: argparse.Namespace) -> None:
    try:
        if args.sdk == "v1":
            print(azure_ml.submit_v1(args.compute, args.arguments))
        else:
            quoted = [shlex.quote(argument) for argument in args.arguments]
            print(azure_ml.submit_v2(args.compute, quoted))
    except AzureFailed as error:
        raise SystemExit(str(error)) from None


if __name__ == "__main__":
    main()
