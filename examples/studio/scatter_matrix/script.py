"""Every column against every other, as pandas draws it."""

import matplotlib.pyplot as plt
import pandas as pd
from pandas.plotting import scatter_matrix


def azureml_main(dataframe1=None, dataframe2=None):
    """Return the correlations of the numeric columns, and draw them against each other.

    Args:
        dataframe1: the numbers, and a text that colours the dots.
        dataframe2: not used.
    """
    numbers = dataframe1.select_dtypes("number")
    kinds = dataframe1.select_dtypes(exclude="number").iloc[:, 0].astype("category")
    colours = plt.get_cmap("viridis")(kinds.cat.codes / max(len(kinds.cat.categories) - 1, 1))
    options = {"diagonal": "hist", "s": 60, "alpha": 0.9, "range_padding": 0.1}
    axes = scatter_matrix(numbers, figsize=(7, 7), c=colours, **options)
    axes[0, 0].get_figure().savefig("matrix.png", dpi=80, bbox_inches="tight")
    table = numbers.corr().round(3)
    return pd.concat([pd.Series(table.index, name="column"), table.reset_index(drop=True)], axis=1)
