"""`package`: a model that was trained elsewhere, made ready to serve."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Annotated, Any

import joblib
import typer
from saying import console, say_packages, say_warnings
from scoring_model import NotServable, save_mlflow_model, save_model
from scoring_model.libraries import libraries
from tabular import CsvOptions, read_table, with_floats

from commands.options import Decimal, Encoding, Na, Sep, Text, explained

#: What joblib.load reads.
PICKLES = (".joblib", ".pkl", ".pickle")


def package(
    model: Annotated[Path, typer.Argument(help="a .joblib or .pkl file, or an MLflow folder")],
    sample: Annotated[
        Path | None, typer.Option(help="the table it was trained on: .csv or .parquet")
    ] = None,
    target: Annotated[
        str | None, typer.Option(help="the table's column that it predicts", metavar="COLUMN")
    ] = None,
    output: Annotated[
        Path | None, typer.Option(help="default: models/NAME/1", metavar="FOLDER")
    ] = None,
    code: Annotated[
        list[Path] | None, typer.Option(help="a .py that it needs, beside the entry script")
    ] = None,
    sep: Sep = None,
    decimal: Decimal = None,
    encoding: Encoding = None,
    na: Na = None,
    text: Text = None,
) -> None:
    """Write a model with manifest, sample, answer and baseline, after asking it back from disk.

    Loading a pickle runs the code in it: package only models that you trust.
    """
    name = model.resolve().name if model.is_dir() else model.stem
    folder = output or Path("models") / name / "1"
    with explained(sample), say_warnings():
        if model.is_dir():
            if sample or target:
                raise NotServable("an MLflow model brings its signature: leave --sample out")
            save_mlflow_model(model, folder)
        elif sample is None:
            raise NotServable("--sample is needed: the table that the model was trained on")
        else:
            options = CsvOptions(sep, decimal, encoding, tuple(na or ()), tuple(text or ()))
            df, read = read_table(sample, options)
            console.print(f"{sample}: {read}", markup=False)
            loaded, versions = _loaded(model)
            X, y = _columns(loaded, with_floats(df, target), target)
            save_model(
                loaded, folder, X, y, by=str(model), code_paths=code or (), versions=versions
            )
    say_packages(folder)
    print(folder)
    console.print(f"serve it: make serve ENTRY=score/auto.py MODEL_DIR={folder}", markup=False)


def _loaded(path: Path) -> tuple[Any, dict[str, str]]:
    """Return the model in a file, and the versions it was written with.

    Raises:
        NotServable: it is of another kind, or cannot be loaded here.
    """
    if path.suffix.lower() not in PICKLES:
        known = ", ".join(PICKLES)
        raise NotServable(f"{path}: expected a file ending in {known}, or an MLflow model's folder")
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            model = joblib.load(path)
    except OSError:
        raise
    except Exception as error:
        raise NotServable(f"{path} cannot be loaded: {type(error).__name__}: {error}") from error
    versions = libraries(model)
    for warning in caught:
        # scikit-learn's InconsistentVersionWarning; the file keeps the version it was written with.
        written = getattr(warning.message, "original_sklearn_version", None)
        if written is not None and versions["scikit-learn"] != written:
            versions["scikit-learn"] = written
            console.print(f"warning: {warning.message}", markup=False)
    return model, versions


def _columns(model: Any, df: Any, target: str | None) -> tuple[Any, Any]:
    """Return the model's own columns of the table, and the target.

    Raises:
        NotServable: the table lacks one of them.
    """
    if target is not None and target not in df:
        raise NotServable(f"--target {target}: the columns are {', '.join(df.columns)}")
    features = df if target is None else df.drop(columns=target)
    names = getattr(model, "feature_names_in_", None)
    if names is not None:
        missing = [str(name) for name in names if name not in features]
        if missing:
            raise NotServable(
                f"the model was trained on {', '.join(missing)}, which the table does not have; it "
                f"has {', '.join(df.columns)}"
            )
        return features[list(names)], None if target is None else df[target]
    count = getattr(model, "n_features_in_", len(features.columns))
    if count != len(features.columns):
        raise NotServable(
            f"the model takes {count} columns, the table has {len(features.columns)}"
            + ("" if target else ": name the one it predicts with --target")
        )
    return features.to_numpy(), None if target is None else df[target]
