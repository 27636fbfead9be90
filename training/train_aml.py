"""The same training inside an Azure ML run: recorded, and registered from there.

python training/train_aml.py train --parameters training/parameters.json
python training/train_aml.py train --task classification --tracking mlflow
python training/train_aml.py train --alpha 0.3      (any parameter of the estimator)
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import azure_ml
import iris
import pandas as pd
import train
from arguments import command_line, load_table, output_folder
from pipelines import BadEstimator
from pipelines.parameters import read_parameters
from tabular import Task
from tracking import MODEL_FOLDER, TRACKERS

HERE = Path(__file__).resolve().parent

#: Who trains for a task: the scripts for diabetes and iris have the same functions.
SCRIPTS: dict[str, Any] = {"regression": train, "classification": iris}

#: Hyper-parameters and tags where no file is named.
PARAMETERS = {"regression": "parameters.json", "classification": "parameters_iris.json"}

#: Keys of the parameters file.
SECTIONS = ("training", "tags")

#: An estimator knows its parameters and checks them when it fits, so it is fitted to this first.
TINY = {"X": [[float(i)] for i in range(20)], "y": [0.0, 1.0] * 10}


def main(argv: Sequence[str] | None = None) -> None:
    """Train and record."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    command = commands.add_parser(
        "train", help="train and record", parents=[command_line(None)], conflict_handler="resolve",
        allow_abbrev=False,
    )  # fmt: skip
    command.add_argument("--task", choices=SCRIPTS, default="regression",
                         help="Ridge, diabetes; or SVC, iris (default: %(default)s)")  # fmt: skip
    command.add_argument("--parameters", type=Path, metavar="JSON",
                         help="hyper-parameters and tags")  # fmt: skip
    command.add_argument("--tracking", choices=TRACKERS, default="azureml", help="where to record")
    command.add_argument("--register", metavar="NAME", help="register the model, in a v1 run")
    command.add_argument("--held-out", type=Path, metavar="FILE",
                         help="write the rows not trained on here, as CSV")  # fmt: skip
    # Without --seed the parameters file decides.
    command.set_defaults(seed=None)
    args, more = parser.parse_known_args(argv)
    _train(command, args, more)


def read_file(path: Path) -> dict[str, dict[str, Any]]:
    """Return the sections of a parameters file: `training` (the estimator's, `seed`) and `tags`.

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


def _parameters(
    args: argparse.Namespace, more: Sequence[str]
) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Return the estimator's parameters, the seed and the tags.

    Raises:
        BadEstimator: what is left of the command line are no pairs of name and value.
        ValueError: see `read_file`.
    """
    content = read_file(args.parameters or HERE / PARAMETERS[args.task])
    names, values = more[::2], more[1::2]
    wrong = next((name for name in names if not name.startswith("--")), None)
    if wrong is not None or len(names) != len(values):
        raise BadEstimator(f"{wrong or names[-1]}: expected --NAME VALUE")
    pairs = [f"{n.removeprefix('--')}={v}" for n, v in zip(names, values, strict=True)]
    chosen = content["training"] | read_parameters(pairs)
    seed = chosen.pop("seed", 0)
    return chosen, seed if args.seed is None else args.seed, content["tags"]


def _train(parser: argparse.ArgumentParser, args: argparse.Namespace, more: Sequence[str]) -> None:
    script = SCRIPTS[args.task]
    try:
        chosen, seed, tags = _parameters(args, more)
        script.train_model({"train": TINY}, chosen)
    except (TypeError, ValueError) as error:
        parser.error(str(error))
    df, target = load_table(parser, args, script.sample_data, Task[args.task.upper()])
    data = script.split_data(df, target, seed)
    with output_folder(parser, args.output), TRACKERS[args.tracking]() as tracker:
        run = _registering_run(parser, tracker) if args.register else None
        tracker.set_tags(tags)
        tracker.log_parameters({**chosen, "seed": seed})
        model = script.train_model(data, chosen)
        metrics = script.write_outputs(
            args.output, model, df, data, by="training/train_aml.py",
            parameters={**chosen, "seed": seed},
        )  # fmt: skip
        if args.held_out:
            args.held_out.parent.mkdir(parents=True, exist_ok=True)
            held_out = pd.concat([data["test"]["X"], data["test"]["y"]], axis=1)
            held_out.to_csv(args.held_out, index=False)
        tracker.log_metrics(metrics)
        tracker.log_model(args.output)
        if run is not None:
            described = azure_ml.registration(args.output)
            made = azure_ml.register_from_run(run, args.register, MODEL_FOLDER, described)
            print(f"registered {made.name}:{made.version}")
    print(json.dumps(metrics))


def _registering_run(parser: argparse.ArgumentParser, tracker: Any) -> Any:
    """Return the run to register from; without one, end before anything is trained."""
    run = getattr(tracker, "run", None)
    if not hasattr(run, "register_model"):
        parser.error(
            "--register works inside a run of SDK v1 (--tracking azureml); elsewhere use "
            "python -m training register"
        )
    return run


if __name__ == "__main__":
    main()
