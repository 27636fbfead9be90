"""One estimator of each of scikit-learn's families, with the table it is trained on."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.cluster import KMeans
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.cross_decomposition import PLSRegression
from sklearn.datasets import load_diabetes, load_iris
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import (
    HistGradientBoostingRegressor,
    IsolationForest,
    RandomForestClassifier,
    VotingClassifier,
)
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.mixture import GaussianMixture
from sklearn.model_selection import GridSearchCV
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor, LocalOutlierFactor
from sklearn.neural_network import MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import SVC, OneClassSVM
from sklearn.tree import DecisionTreeClassifier

DIABETES, PROGRESSION = load_diabetes(return_X_y=True, as_frame=True)
IRIS, SPECIES = load_iris(return_X_y=True, as_frame=True)
NAMES = np.array(["setosa", "versicolor", "virginica"])[SPECIES]

HOMES = pd.DataFrame(
    {
        "town": ["north", "south", "north", "west"] * 5,
        "area": [50.0, 70.5, np.nan, 120.0] * 5,
        "heating": pd.Series(["gas", "oil", "none", "gas"] * 5, dtype=object),
        "note": ["small flat", "big house", "flat near lake", "big garden"] * 5,
    }
)
RENT = pd.Series([500.0, 600.0, 550.0, 900.0] * 5)
MIXED = ColumnTransformer(
    [
        ("town", OneHotEncoder(), ["town"]),
        ("heating", OneHotEncoder(handle_unknown="ignore"), ["heating"]),
        ("area", make_pipeline(SimpleImputer(), StandardScaler()), ["area"]),
        ("note", TfidfVectorizer(), "note"),
    ]
)

#: One of each family, the table it is trained on and scored with, its target.
ESTIMATORS: dict[str, tuple[BaseEstimator, Any, Any]] = {
    "linear": (Ridge(), DIABETES, PROGRESSION),
    "linear classifier, text labels": (LogisticRegression(max_iter=900), IRIS, NAMES),
    "tree on a matrix": (DecisionTreeClassifier(random_state=0), IRIS.to_numpy(), SPECIES),
    "forest": (RandomForestClassifier(9, random_state=0), IRIS, NAMES),
    "boosting with nulls": (
        HistGradientBoostingRegressor(max_iter=9),
        DIABETES.mask(DIABETES > 0.1),
        PROGRESSION,
    ),
    "voting": (VotingClassifier([("a", GaussianNB()), ("b", SVC())]), IRIS, SPECIES),
    "neighbours": (KNeighborsClassifier(), IRIS, SPECIES == 1),
    "support vectors": (SVC(probability=True, random_state=0), IRIS, NAMES),
    "bayes": (GaussianNB(), IRIS, NAMES),
    "discriminant": (LinearDiscriminantAnalysis(), IRIS, SPECIES),
    "neural network": (
        MLPRegressor(hidden_layer_sizes=(4,), max_iter=9, random_state=0),
        DIABETES,
        PROGRESSION,
    ),
    "gaussian process": (GaussianProcessRegressor(), IRIS[:20], SPECIES[:20] + 0.5),
    "several outputs": (KNeighborsRegressor(), IRIS, IRIS[IRIS.columns[:2]]),
    "cross decomposition": (PLSRegression(2), DIABETES, PROGRESSION),
    "clusters": (KMeans(3, n_init=1, random_state=0), IRIS, None),
    "mixture": (GaussianMixture(3, random_state=0), IRIS, None),
    "outliers": (IsolationForest(n_estimators=9, random_state=0), IRIS, None),
    "novelty": (LocalOutlierFactor(novelty=True), IRIS.to_numpy(), None),
    "one class": (make_pipeline(StandardScaler(), OneClassSVM()), IRIS, None),
    "search": (GridSearchCV(Ridge(), {"alpha": [1, 2]}, cv=2), DIABETES, PROGRESSION),
    "target": (TransformedTargetRegressor(Ridge()), DIABETES, PROGRESSION),
    "texts": (make_pipeline(TfidfVectorizer(), LogisticRegression()), HOMES["note"], RENT > 520),
    "mixed columns": (make_pipeline(MIXED, Ridge()), HOMES, RENT),
}


def fitted(family: str) -> Any:
    """Return the family's estimator, trained."""
    estimator, table, target = ESTIMATORS[family]
    with warnings.catch_warnings():
        # Nine rounds are no training, and nobody needs one here.
        warnings.simplefilter("ignore")
        return estimator.fit(table) if target is None else estimator.fit(table, target)


def records(table: Any) -> Any:
    """Return the table as the JSON a client sends: null for NaN, x0, x1, ... without names."""
    if isinstance(table, pd.Series):
        table = table.to_frame("text")
    frame: Any = pd.DataFrame(table).astype(object)
    frame.columns = [c if isinstance(c, str) else f"x{c}" for c in frame.columns]
    return frame.where(frame.notna(), None).to_dict("records")


def check(results: Any, expected: Any) -> None:
    """Compare an answer's `Results` with a direct prediction, to the last bit where it has one.

    A sum over the rows of a batch may differ in it: memory lies in another order.
    """
    if np.ndim(expected) == 2:
        results = [list(record.values()) for record in results]
    if np.asarray(expected).dtype.kind == "f":
        np.testing.assert_allclose(results, expected, rtol=1e-12, atol=1e-12)
    else:
        assert results == np.asarray(expected).tolist()
