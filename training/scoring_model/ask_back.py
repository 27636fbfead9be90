"""Run as a program of its own: load a model from disk and predict.

    python -c "<this file>" FOLDER FILE QUESTIONS ANSWERS MODULE_FOLDER...

It imports nothing of this package: the service has none of it either. QUESTIONS is a pickled list
of tables, ANSWERS becomes the pickled list of predictions.
"""

import pickle
import sys
from pathlib import Path


def main() -> None:
    """Load, predict, write."""
    model_path, questions, answers, *module_folders = map(Path, sys.argv[1:])
    # Behind everything installed, as the service's own folder is.
    sys.path.extend(str(folder) for folder in module_folders)
    if model_path.is_dir():
        import mlflow

        model = mlflow.pyfunc.load_model(model_path.as_uri())
    else:
        import joblib

        model = joblib.load(model_path)
    tables = pickle.loads(questions.read_bytes())  # noqa: S301 - written by the caller
    answers.write_bytes(pickle.dumps([model.predict(table) for table in tables]))


main()
