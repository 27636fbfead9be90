"""What today's pandas, numpy and scikit-learn no longer have, and what took its place.

The tests ask the installed packages: nothing named here is there, every replacement is.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Removed:
    """Something that is gone.

    Attributes:
        instead: what took its place.
        fix: the text that may stand in its place as it is; empty where that takes thought.
    """

    instead: str
    fix: str = ""


def same(name: str) -> Removed:
    """Return what is only called otherwise."""
    return Removed(name, name)


#: Modules that moved with all that was in them.
MODULES = {
    "pandas.tools.plotting": same("pandas.plotting"),
    "pandas.core.datetools": same("pandas.tseries.offsets"),
    "pandas.io.data": Removed("the package pandas-datareader"),
    "pandas.io.wb": Removed("the package pandas-datareader"),
    "pandas.rpy": Removed("the package rpy2"),
    "sklearn.externals.joblib": same("joblib"),
    "sklearn.externals.six": Removed("nothing: Python 3 has it all"),
    "sklearn.cross_validation": Removed(
        "sklearn.model_selection; KFold(n, n_folds) is KFold(n_splits).split(X) there",
        "sklearn.model_selection",
    ),
    "sklearn.grid_search": Removed(
        "sklearn.model_selection; grid_scores_ is cv_results_ there", "sklearn.model_selection"
    ),
    "sklearn.learning_curve": same("sklearn.model_selection"),
    "sklearn.lda": Removed("sklearn.discriminant_analysis.LinearDiscriminantAnalysis"),
    "sklearn.qda": Removed("sklearn.discriminant_analysis.QuadraticDiscriminantAnalysis"),
    "sklearn.utils.testing": Removed("numpy.testing"),
}

#: Names in modules, by the module's full name.
NAMES = {
    "numpy.float": same("float"),
    "numpy.int": same("int"),
    "numpy.bool8": Removed("numpy.bool_"),
    "numpy.object": same("object"),
    "numpy.unicode": same("str"),
    "numpy.complex": same("complex"),
    "numpy.float_": Removed("numpy.float64"),
    "numpy.complex_": Removed("numpy.complex128"),
    "numpy.string_": Removed("numpy.bytes_"),
    "numpy.unicode_": Removed("numpy.str_"),
    "numpy.NaN": Removed("numpy.nan"),
    "numpy.Inf": Removed("numpy.inf"),
    "numpy.infty": Removed("numpy.inf"),
    "numpy.PINF": Removed("numpy.inf"),
    "numpy.NINF": Removed("-numpy.inf"),
    "numpy.product": Removed("numpy.prod"),
    "numpy.cumproduct": Removed("numpy.cumprod"),
    "numpy.sometrue": Removed("numpy.any"),
    "numpy.alltrue": Removed("numpy.all"),
    "numpy.asscalar": Removed("the array's .item()"),
    "numpy.rank": Removed("numpy.ndim"),
    "pandas.Panel": Removed("a DataFrame with a MultiIndex"),
    "pandas.TimeSeries": Removed("pandas.Series"),
    "pandas.Int64Index": Removed("pandas.Index"),
    "pandas.Float64Index": Removed("pandas.Index"),
    "pandas.datetime": Removed("datetime.datetime"),
    "pandas.np": Removed("import numpy as np"),
    "pandas.scatter_matrix": Removed("pandas.plotting.scatter_matrix"),
    "pandas.ordered_merge": Removed("pandas.merge_ordered"),
    "pandas.rolling_mean": Removed("series.rolling(window).mean()"),
    "pandas.rolling_std": Removed("series.rolling(window).std()"),
    "pandas.rolling_sum": Removed("series.rolling(window).sum()"),
    "pandas.expanding_mean": Removed("series.expanding().mean()"),
    "pandas.ewma": Removed("series.ewm(...).mean()"),
    "sklearn.preprocessing.Imputer": Removed("sklearn.impute.SimpleImputer, without axis="),
    "sklearn.decomposition.RandomizedPCA": Removed(
        'sklearn.decomposition.PCA(svd_solver="randomized")'
    ),
    "sklearn.mixture.GMM": Removed("sklearn.mixture.GaussianMixture"),
    "sklearn.metrics.jaccard_similarity_score": Removed("sklearn.metrics.jaccard_score"),
    "sklearn.datasets.load_boston": Removed("a data set of your own"),
    "sklearn.datasets.fetch_mldata": Removed("sklearn.datasets.fetch_openml"),
    "sklearn.linear_model.RandomizedLogisticRegression": Removed(
        "sklearn.feature_selection.SelectFromModel"
    ),
}

#: Methods and attributes, of whatever object; of pandas' unless another is named.
METHODS = {
    "ix": Removed(".loc by label, .iloc by position"),
    "irow": Removed(".iloc[i]"),
    "icol": Removed(".iloc[:, i]"),
    "iget_value": Removed(".iat[i, j]"),
    "get_value": Removed(".at[row, column]"),
    "set_value": Removed(".at[row, column] = value"),
    "as_matrix": same("to_numpy"),
    "iteritems": same("items"),
    "convert_objects": Removed(".infer_objects() or pd.to_numeric()"),
    "reindex_axis": Removed(".reindex(..., axis=...)"),
    "get_dtype_counts": Removed(".dtypes.value_counts()"),
    "tshift": Removed(".shift(..., freq=...)"),
    "weekday_name": Removed(".day_name()"),
    "from_csv": Removed("pd.read_csv(..., index_col=0)"),
    "to_panel": Removed("a DataFrame with a MultiIndex"),
    "order": Removed(".sort_values()"),
    "mad": Removed("(x - x.mean()).abs().mean()"),
    "get_feature_names": same("get_feature_names_out"),
    "grid_scores_": Removed(".cv_results_"),
}

#: Methods that other classes have too: only where their result is used, which of a list's own
#: methods is None, or where an argument is given that only pandas' took.
AMBIGUOUS = {
    "append": Removed("pd.concat([first, second])"),
    "sort": Removed(".sort_values(by=...) or .sort_index()"),
}
