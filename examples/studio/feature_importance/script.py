"""How much each column of the breast cancer data tells, by a forest of extremely random trees."""

import matplotlib.pyplot as plt
import pandas as pd
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import ExtraTreesClassifier


def azureml_main(dataframe1=None, dataframe2=None):
    """Return the columns by importance, and draw the first ten.

    Args:
        dataframe1: one row; `trees` and `seed` of the forest.
        dataframe2: not used.
    """
    trees, seed = int(dataframe1["trees"][0]), int(dataframe1["seed"][0])
    data = load_breast_cancer(as_frame=True)
    forest = ExtraTreesClassifier(n_estimators=trees, random_state=seed)
    forest.fit(data.data, data.target)
    importances = {"feature": data.data.columns, "importance": forest.feature_importances_}
    table = pd.DataFrame(importances).sort_values("importance", ascending=False)
    draw(table.head(10))
    return table


def draw(table):
    """Save a bar for each row, the first one on top."""
    figure, axes = plt.subplots(figsize=(7, 4), layout="constrained")
    rows = table[::-1]
    axes.barh(rows["feature"], rows["importance"], color="#4c72b0")
    axes.set_xlabel("importance; of all columns together 1")
    axes.set_title("The ten most telling of 30 columns")
    figure.savefig("importances.png", dpi=80)
