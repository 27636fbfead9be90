"""What a sweep of SDK v2 may try, from the form that the local one has."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from optuna.distributions import CategoricalDistribution, IntDistribution
from pipelines.space import read_space


def azure_space(texts: Sequence[str]) -> dict[str, Any]:
    """Return `["alpha=0.01:10:log"]` as azure.ai.ml.sweep's distributions.

    Raises:
        BadEstimator: one of them has another form.
    """
    return {name: _distribution(kind) for name, kind in read_space(texts).items()}


def _distribution(kind: Any) -> Any:
    from azure.ai.ml.sweep import Choice, LogUniform, QLogUniform, QUniform, Uniform

    if isinstance(kind, CategoricalDistribution):
        choices: list[Any] = list(kind.choices)
        return Choice(choices)
    if kind.log:
        # Azure takes the exponents of e.
        ends = math.log(kind.low), math.log(kind.high)
        return QLogUniform(*ends, q=1) if isinstance(kind, IntDistribution) else LogUniform(*ends)
    if isinstance(kind, IntDistribution):
        return QUniform(kind.low, kind.high, q=1)
    return Uniform(kind.low, kind.high)
