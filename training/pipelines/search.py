"""Search for parameters with Optuna: every trial is cross-validated on the same folds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import optuna
from optuna.distributions import BaseDistribution
from rich.console import Console
from rich.progress import track
from sklearn.model_selection import cross_val_score

#: A bar where somebody watches, nothing in a log file.
CONSOLE = Console(stderr=True)


def search(
    make: Callable[[dict[str, Any]], Any],
    space: Mapping[str, BaseDistribution],
    X: Any,
    y: Any,
    *,
    cut: Any,
    scoring: str,
    trials: int,
    seed: int,
    first: Sequence[Mapping[str, Any]] = (),
) -> optuna.Study:
    """Return the study after all trials; `best_params` and `trials_dataframe()` tell the rest.

    Args:
        make: returns the unfitted estimator for a trial's parameters.
        space: what each parameter may be.
        X: rows to train on; rows that are held out are none of them.
        y: their target.
        cut: the folds, the same for every trial.
        scoring: scikit-learn's name of what is measured; larger is better.
        trials: how many to try.
        seed: of the sampler, which learns from one trial for the next (TPE).
        first: what to try before the sampler chooses.
    """
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    sampler = optuna.samplers.TPESampler(seed=seed)
    study = optuna.create_study(direction="maximize", sampler=sampler)
    for given in first:
        study.enqueue_trial(dict(given))
    quiet = not CONSOLE.is_terminal
    for _ in track(range(trials), description="trials", console=CONSOLE, disable=quiet):
        trial = study.ask(dict(space))
        estimator = make(trial.params)
        scores = cross_val_score(estimator, X, y, cv=cut, scoring=scoring, error_score="raise")
        trial.set_user_attr("std", float(scores.std()))
        study.tell(trial, float(scores.mean()))
    return study
