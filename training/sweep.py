"""Try Ridge with many values of alpha, each by cross-validation, and write the best model.

python training/sweep.py --output outputs/sweep
python training/sweep.py --data houses.csv --target price --alphas 0.1 1 10 --folds 10
"""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import pandas as pd
from arguments import at_least_two, command_line, load_table, not_negative, output_folder
from optuna.distributions import FloatDistribution
from pictures import scores_against_parameter
from pipelines.search import search
from sklearn.linear_model import Ridge
from sklearn.model_selection import KFold
from tabular import Task
from train import Data, sample_data, split_data, train_model, write_outputs

#: Three decades in steps of about 1.8, around the 0.5 that train.py uses.
ALPHAS = tuple(float(f"{alpha:.3g}") for alpha in np.logspace(-2.5, 1, 15))


def sweep(data: Data, alphas: Sequence[float], folds: int = 5, seed: int = 0) -> pd.DataFrame:
    """Cross-validate Ridge on the training part for every alpha.

    Every alpha is tried on the same folds; the held-out part is not looked at.

    Args:
        data: as `train.split_data` returns it.
        alphas: values to try.
        folds: into how many parts the training part is cut; each is predicted once.
        seed: the same seed cuts the same folds.

    Returns:
        One row per alpha, in their order: `alpha`, the mean squared error over the folds `mse`
        and its standard deviation `mse_std`.
    """
    study = search(
        lambda chosen: Ridge(**chosen),
        {"alpha": FloatDistribution(min(alphas), max(alphas))},
        data["train"]["X"], data["train"]["y"],
        cut=KFold(folds, shuffle=True, random_state=seed), scoring="neg_mean_squared_error",
        trials=len(alphas), seed=seed, first=[{"alpha": alpha} for alpha in alphas],
    )  # fmt: skip
    table = study.trials_dataframe(attrs=("value", "params", "user_attrs"))
    return pd.DataFrame(
        {"alpha": table["params_alpha"], "mse": -table["value"], "mse_std": table["user_attrs_std"]}
    )


def best_alpha(table: pd.DataFrame) -> float:
    """Return the alpha with the smallest error; of equal ones the largest, the simplest model."""
    return float(table.loc[table["mse"] == table["mse"].min(), "alpha"].max())


def main(argv: Sequence[str] | None = None) -> None:
    """Sweep, print the table, and write table, picture and the best model."""
    parser = command_line(__doc__)
    parser.add_argument(
        "--alphas", type=not_negative, nargs="+", default=ALPHAS, metavar="ALPHA",
        help=f"values to try (default: {len(ALPHAS)} from {ALPHAS[0]} to {ALPHAS[-1]})",
    )  # fmt: skip
    parser.add_argument(
        "--folds", type=at_least_two, default=5, help="of the cross-validation (default: 5)"
    )
    args = parser.parse_args(argv)
    df, target = load_table(parser, args, sample_data, Task.REGRESSION)
    data = split_data(df, target, args.seed)
    if args.folds > len(data["train"]["X"]):
        parser.error(f"--folds {args.folds}: only {len(data['train']['X'])} rows to train on")

    with output_folder(parser, args.output) as output:
        table = sweep(data, args.alphas, args.folds, args.seed)
        alpha = best_alpha(table)
        model = train_model(data, {"alpha": alpha})
        parameters = {"alpha": alpha, "folds": args.folds, "seed": args.seed}
        metrics = write_outputs(
            output, model, df, data, by="training/sweep.py", parameters=parameters
        )
        table.to_csv(output / "sweep.csv", index=False)
        scores_against_parameter(output / "sweep.png", table, best=alpha)
    print(table.to_string(index=False))
    print(json.dumps({"alpha": alpha} | metrics))


if __name__ == "__main__":
    main()
