"""Estimators, encoders and wrappers as users bring them, each with rows and its own answer.

The answer is computed here, by giving the estimator what it was trained with: a frame, a series of
texts, a matrix. What a request may send as null is None here, and `asked` spells it as the
training data did.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import lightgbm
import numpy as np
import pandas as pd
import xgboost
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor, make_column_transformer
from sklearn.decomposition import PCA, TruncatedSVD
from sklearn.ensemble import (
    AdaBoostClassifier,
    BaggingClassifier,
    ExtraTreesClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    StackingRegressor,
    VotingClassifier,
)
from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer, TfidfVectorizer
from sklearn.feature_selection import RFE, SelectKBest
from sklearn.frozen import FrozenEstimator
from sklearn.impute import KNNImputer, SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge, RidgeClassifier, SGDClassifier
from sklearn.model_selection import GridSearchCV, TunedThresholdClassifierCV
from sklearn.multiclass import OneVsOneClassifier, OneVsRestClassifier
from sklearn.multioutput import ClassifierChain, MultiOutputClassifier, MultiOutputRegressor
from sklearn.naive_bayes import MultinomialNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    KBinsDiscretizer,
    OneHotEncoder,
    OrdinalEncoder,
    PolynomialFeatures,
    StandardScaler,
    TargetEncoder,
)
from sklearn.semi_supervised import SelfTrainingClassifier
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeRegressor


@dataclass(frozen=True)
class Case:
    """An estimator and what it answers.

    Attributes:
        model: fitted.
        rows: what a client sends.
        asked: the same as the estimator was trained with it.
        methods: what it can be asked, the default first.
    """

    model: Any
    rows: Any
    asked: Any
    methods: tuple[str, ...] = ("predict",)

    def expected(self, method: str) -> Any:
        """Return what the estimator itself answers."""
        answer = getattr(self.model, method)(self.asked)
        return answer.toarray() if hasattr(answer, "toarray") else answer


BOTH = ("predict", "predict_proba")
DOCS = ["Good film", "bad Film", "great play", "awful play"] * 10
MOODS = ["pos", "neg"] * 20
TEXTS = ["good", "bad", "great film", "awful film, badly played"]

RNG = np.random.default_rng(0)
NUMBERS = pd.DataFrame(RNG.normal(size=(60, 3)), columns=["a", "b", "größe"])
NUMBER_TARGET = NUMBERS["a"] * 2 + NUMBERS["b"]
CLASSES = np.digitize(NUMBERS["a"], [-0.5, 0.5])
LABELS = np.array(["low", "mid", "high"])[CLASSES]
FLAGS = (NUMBERS["b"] > 0).to_numpy()
LINEAR = LogisticRegression(max_iter=900)

COLOURS: list[Any] = ["red", "red", "blue", None] * 15
PRICES = [1.0, 1.0, 5.0, 50.0] * 15
SIZES = np.linspace(0, 1, 60)


def lowered(texts: Any) -> Any:
    """Return texts in lower case, as a cleaning step does."""
    return [text.lower() for text in texts]


def lowered_cells(frame: Any) -> Any:
    """Return a frame's texts in lower case."""
    return frame.apply(lambda column: column.str.lower())


def texts(model: Any, *methods: str) -> Case:
    model.fit(DOCS, MOODS)
    return Case(model, [{"text": text} for text in TEXTS], TEXTS, methods or ("predict",))


def numbers(model: Any, target: Any, *methods: str, matrix: bool = False) -> Case:
    table: Any = NUMBERS.to_numpy() if matrix else NUMBERS
    names = ["x0", "x1", "x2"] if matrix else list(NUMBERS.columns)
    model.fit(table, target)
    rows = [dict(zip(names, row, strict=True)) for row in NUMBERS[:7].to_numpy().tolist()]
    return Case(model, rows, table[:7], methods or ("predict",))


def colours(encoder: Any, null: Any = None, *, unknown: Any = (), kind: Any = object) -> Case:
    """Return a pipeline that was trained on colours, some missing and spelt as `null`."""
    cells = [null if cell is None else cell for cell in COLOURS]
    frame = pd.DataFrame({"colour": pd.Series(cells, dtype=kind), "size": SIZES})
    transformer = make_column_transformer((encoder, ["colour"]), remainder="passthrough")
    model = make_pipeline(transformer, Ridge(alpha=0.01)).fit(frame, PRICES)
    sent = [None, "red", "blue", *unknown]
    asked = pd.Series([null if cell is None else cell for cell in sent], dtype=kind)
    rows = [{"colour": cell, "size": 0.5} for cell in sent]
    return Case(model, rows, pd.DataFrame({"colour": asked, "size": 0.5}))


def codes(null: Any) -> Case:
    """Return a pipeline whose encoder has seen numbers, some missing."""
    cells = pd.Series([null, 1, 2, 3] * 15, dtype=object)
    frame = pd.DataFrame({"code": cells, "size": SIZES})
    encoder = OneHotEncoder(handle_unknown="ignore")
    transformer = make_column_transformer((encoder, ["code"]), remainder="passthrough")
    model = make_pipeline(transformer, Ridge()).fit(frame, PRICES)
    asked = pd.DataFrame({"code": pd.Series([null, 1, 9], dtype=object), "size": 0.5})
    return Case(model, [{"code": cell, "size": 0.5} for cell in (None, 1, 9)], asked)


def booleans() -> Case:
    frame = pd.DataFrame({"garden": [True, False] * 30, "size": SIZES})
    encoder = OneHotEncoder(handle_unknown="ignore")
    transformer = make_column_transformer((encoder, ["garden"]), remainder="passthrough")
    model = make_pipeline(transformer, Ridge()).fit(frame, SIZES)
    return Case(model, frame[:3].to_dict("records"), frame[:3])


def binned(encode: Any) -> Case:
    frame = pd.DataFrame({"age": np.linspace(18, 80, 60)})
    transformer = make_column_transformer((make_pipeline(*encode), ["age"]))
    model = make_pipeline(transformer, Ridge()).fit(frame, frame["age"])
    asked = pd.DataFrame({"age": [35.0, 62.5]})
    return Case(model, asked.to_dict("records"), asked)


def lowered_colours() -> Case:
    frame = pd.DataFrame({"colour": ["Red", "BLUE", "red"] * 20, "size": SIZES})
    step = make_pipeline(FunctionTransformer(lowered_cells), OneHotEncoder())
    transformer = make_column_transformer((step, ["colour"]), remainder="passthrough")
    model = make_pipeline(transformer, Ridge()).fit(frame, SIZES)
    asked = pd.DataFrame({"colour": ["RED", "Blue"], "size": 0.5})
    return Case(model, asked.to_dict("records"), asked)


def mixed(wrap: Callable[[Any], Any], *methods: str) -> Case:
    """Return a wrapper around a pipeline of text, category and number columns."""
    frame = pd.DataFrame(
        {"note": DOCS[:40] + DOCS[:20], "colour": ["red", "blue", "green"] * 20, "size": SIZES}
    )
    transformer = ColumnTransformer(
        [
            ("note", TfidfVectorizer(), "note"),
            ("colour", OneHotEncoder(), ["colour"]),
            ("size", make_pipeline(SimpleImputer(), StandardScaler()), ["size"]),
        ]
    )
    model = wrap(make_pipeline(transformer, LINEAR)).fit(frame, ["x", "y", "x"] * 20)
    rows = frame[:4].to_dict("records")
    return Case(model, rows, frame[:4], methods or ("predict",))


def categories(model: Any) -> Case:
    """Return boosted trees that read pandas' categories themselves."""
    kind = pd.CategoricalDtype(["blue", "green", "red"])
    cells = pd.Series(["red", "blue", "green", "red"] * 15, dtype=kind)
    frame = pd.DataFrame({"colour": cells, "size": SIZES})
    model.fit(frame, PRICES)
    rows: list[dict[str, Any]] = [
        {"colour": "red", "size": 0.1},
        {"colour": "blue", "size": 0.9},
        {"colour": None, "size": 0.3},
    ]
    asked = pd.DataFrame(rows).astype({"colour": kind})
    return Case(model, rows, asked)


def encoded_frame(encoder: Any) -> Case:
    """Return an encoder that gets the whole frame, without a ColumnTransformer."""
    frame = pd.DataFrame({"colour": COLOURS[:3] * 20, "town": ["n", "s"] * 30})
    model = make_pipeline(encoder, Ridge()).fit(frame, SIZES)
    asked = frame[:4]
    return Case(model, asked.to_dict("records"), asked)


ONE_HOT = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
ORDINAL = OrdinalEncoder(
    handle_unknown="use_encoded_value", unknown_value=-1, encoded_missing_value=-2
)
FREQUENT = SimpleImputer(strategy="most_frequent")
FREQUENT_FOR_NONE = SimpleImputer(missing_values=None, strategy="most_frequent")
FILLED_FOR_NONE = SimpleImputer(missing_values=None, strategy="constant", fill_value="?")
UNION = FeatureUnion([("w", TfidfVectorizer()), ("c", CountVectorizer(analyzer="char"))])
QUANTILES = {"quantile_method": "averaged_inverted_cdf"}
MULTILABEL = np.column_stack([FLAGS, NUMBERS["a"] > 0]).astype(int)
UNEVEN = np.column_stack([FLAGS, CLASSES]).astype(int)

MAKERS: dict[str, Callable[[], Case]] = {
    # Texts: the vectorizer first, behind something, inside something.
    "text": lambda: texts(make_pipeline(TfidfVectorizer(), LINEAR), *BOTH),
    "text union": lambda: texts(make_pipeline(UNION, LINEAR), *BOTH),
    "text cleaned": lambda: texts(
        make_pipeline(FunctionTransformer(lowered), TfidfVectorizer(lowercase=False), LINEAR),
        *BOTH,
    ),
    "text cleaned in a union": lambda: texts(
        make_pipeline(make_pipeline(FunctionTransformer(lowered), UNION), LINEAR), *BOTH
    ),
    "text calibrated": lambda: texts(
        CalibratedClassifierCV(make_pipeline(TfidfVectorizer(), LINEAR), cv=2), *BOTH
    ),
    "text calibrated margins": lambda: texts(
        CalibratedClassifierCV(make_pipeline(CountVectorizer(), LinearSVC()), cv=2), *BOTH
    ),
    "text voting": lambda: texts(
        VotingClassifier(
            [
                ("a", make_pipeline(TfidfVectorizer(), LINEAR)),
                ("b", make_pipeline(CountVectorizer(), MultinomialNB())),
            ],
            voting="soft",
        ),
        *BOTH,
    ),
    "text hashed": lambda: texts(make_pipeline(HashingVectorizer(n_features=64), SGDClassifier())),
    "text search": lambda: texts(
        GridSearchCV(make_pipeline(TfidfVectorizer(), LINEAR), {"tfidfvectorizer__min_df": [1]}),
        *BOTH,
    ),
    "text frozen": lambda: texts(
        FrozenEstimator(make_pipeline(TfidfVectorizer(), LINEAR).fit(DOCS, MOODS)), *BOTH
    ),
    "text one against the rest": lambda: texts(
        make_pipeline(TfidfVectorizer(), OneVsRestClassifier(LINEAR)), *BOTH
    ),
    "text embedder": lambda: texts(
        make_pipeline(TfidfVectorizer(), TruncatedSVD(2, random_state=0)), "transform"
    ),
    # Null, as it was spelt in training.
    "None imputed": lambda: colours(make_pipeline(FREQUENT, ONE_HOT)),
    "None imputed as None": lambda: colours(make_pipeline(FREQUENT_FOR_NONE, ONE_HOT)),
    "None replaced": lambda: colours(make_pipeline(FILLED_FOR_NONE, ONE_HOT)),
    "None one-hot": lambda: colours(ONE_HOT, unknown=["green"]),
    "None refused others": lambda: colours(OneHotEncoder()),
    "None ordinal": lambda: colours(ORDINAL, unknown=["green"]),
    "None target": lambda: colours(TargetEncoder(random_state=0), unknown=["green"]),
    "NaN imputed": lambda: colours(make_pipeline(FREQUENT, ONE_HOT), np.nan, unknown=["green"]),
    "NaN one-hot": lambda: colours(ONE_HOT, np.nan, unknown=["green"]),
    "NaN refused others": lambda: colours(OneHotEncoder(), np.nan),
    "NaN ordinal": lambda: colours(ORDINAL, np.nan, unknown=["green"]),
    "NaN target": lambda: colours(TargetEncoder(random_state=0), np.nan, unknown=["green"]),
    "None among numbers": lambda: codes(None),
    "NaN among numbers": lambda: codes(np.nan),
    # What an encoder knows, and what stands before it.
    "booleans": booleans,
    "bins one-hot": lambda: binned(
        [KBinsDiscretizer(4, encode="ordinal", **QUANTILES), OneHotEncoder()]
    ),
    "bins": lambda: binned([KBinsDiscretizer(4, **QUANTILES)]),
    "function before bins": lambda: binned(
        [FunctionTransformer(np.log), KBinsDiscretizer(4, **QUANTILES)]
    ),
    "lower case before the encoder": lowered_colours,
    "encoder first": lambda: encoded_frame(OneHotEncoder()),
    "ordinal encoder first": lambda: encoded_frame(ORDINAL),
    "mixed columns": lambda: mixed(lambda model: model, *BOTH),
    "mixed columns calibrated": lambda: mixed(lambda m: CalibratedClassifierCV(m, cv=2), *BOTH),
    "mixed columns voting": lambda: mixed(
        lambda m: VotingClassifier([("a", m), ("b", m)], voting="soft"), *BOTH
    ),
    "mixed columns threshold": lambda: mixed(lambda m: TunedThresholdClassifierCV(m, cv=2), *BOTH),
    "mixed columns search": lambda: mixed(
        lambda m: GridSearchCV(m, {"logisticregression__C": [1.0]}, cv=2), *BOTH
    ),
    # Several outputs.
    "uneven outputs": lambda: numbers(RandomForestClassifier(5, random_state=0), UNEVEN, *BOTH),
    "labels per output": lambda: numbers(
        MultiOutputClassifier(LINEAR), np.column_stack([LABELS, LABELS[::-1]]), *BOTH
    ),
    "multilabel neighbours": lambda: numbers(KNeighborsClassifier(), MULTILABEL, *BOTH),
    "multilabel rest": lambda: numbers(OneVsRestClassifier(LINEAR), MULTILABEL, *BOTH),
    "multilabel sparse": lambda: numbers(OneVsRestClassifier(LINEAR), sparse(MULTILABEL), *BOTH),
    "chain": lambda: numbers(ClassifierChain(LINEAR), MULTILABEL, *BOTH),
    "several numbers": lambda: numbers(MultiOutputRegressor(Ridge()), NUMBERS[["a", "b"]]),
    # Wrappers and learners.
    "matrix": lambda: numbers(LINEAR, CLASSES, *BOTH, matrix=True),
    "ridge classifier": lambda: numbers(RidgeClassifier(), LABELS),
    "one against one": lambda: numbers(OneVsOneClassifier(LinearSVC()), LABELS),
    "ada": lambda: numbers(AdaBoostClassifier(n_estimators=3), LABELS, *BOTH),
    "bagging": lambda: numbers(BaggingClassifier(n_estimators=3, random_state=0), FLAGS, *BOTH),
    "extra trees": lambda: numbers(ExtraTreesClassifier(5, random_state=0), LABELS, *BOTH),
    "self training": lambda: numbers(SelfTrainingClassifier(LINEAR), CLASSES, *BOTH),
    "boosting": lambda: numbers(GradientBoostingRegressor(n_estimators=3), NUMBER_TARGET),
    "histogram": lambda: numbers(HistGradientBoostingClassifier(max_iter=3), LABELS, *BOTH),
    "stacking": lambda: numbers(
        StackingRegressor([("r", Ridge()), ("t", DecisionTreeRegressor(max_depth=2))], cv=2),
        NUMBER_TARGET,
    ),
    "target scaled": lambda: numbers(
        TransformedTargetRegressor(Ridge(), transformer=StandardScaler()), NUMBER_TARGET
    ),
    "selection": lambda: numbers(make_pipeline(SelectKBest(k=2), LINEAR), LABELS, *BOTH),
    "elimination": lambda: numbers(RFE(LINEAR, n_features_to_select=2), LABELS, *BOTH),
    "polynomials": lambda: numbers(make_pipeline(PolynomialFeatures(), Ridge()), NUMBER_TARGET),
    "nearest imputed": lambda: numbers(make_pipeline(KNNImputer(), Ridge()), NUMBER_TARGET),
    "function first": lambda: numbers(
        make_pipeline(FunctionTransformer(np.abs), Ridge()), NUMBER_TARGET
    ),
    # What cannot predict.
    "scaler": lambda: numbers(StandardScaler(), None, "transform"),
    "components": lambda: numbers(PCA(2), None, "transform"),
    "scaled frame": lambda: numbers(
        StandardScaler().set_output(transform="pandas"), None, "transform"
    ),
    # Other libraries.
    "histogram of categories": lambda: categories(
        HistGradientBoostingRegressor(max_iter=3, min_samples_leaf=2)
    ),
    "lightgbm of categories": lambda: categories(
        lightgbm.LGBMRegressor(n_estimators=3, min_child_samples=2, verbose=-1)
    ),
    "xgboost of categories": lambda: categories(
        xgboost.XGBRegressor(n_estimators=3, enable_categorical=True)
    ),
    "xgboost": lambda: numbers(xgboost.XGBClassifier(n_estimators=3), CLASSES, *BOTH),
    "xgboost on a matrix": lambda: numbers(
        xgboost.XGBRegressor(n_estimators=3), NUMBER_TARGET, matrix=True
    ),
    "xgboost forest": lambda: numbers(xgboost.XGBRFRegressor(n_estimators=3), NUMBER_TARGET),
    "lightgbm": lambda: numbers(lightgbm.LGBMClassifier(n_estimators=3, verbose=-1), LABELS, *BOTH),
    "lightgbm in a pipeline": lambda: numbers(
        make_pipeline(
            StandardScaler().set_output(transform="pandas"),
            lightgbm.LGBMRegressor(n_estimators=3, verbose=-1),
        ),
        NUMBER_TARGET,
    ),
}


def sparse(target: Any) -> Any:
    """Return a target as a sparse matrix."""
    from scipy.sparse import csr_matrix

    return csr_matrix(target)


def case(name: str) -> Case:
    """Return the case of this name, trained now."""
    with warnings.catch_warnings():
        # Three rounds on sixty rows are no training, and nobody needs one here.
        warnings.simplefilter("ignore")
        return MAKERS[name]()


def plain(result: Any) -> Any:
    """Return one row's result without the names of its fields: (values,) or a value."""
    return [plain(value) for value in result.values()] if isinstance(result, dict) else result


def own_rows(answer: Any, rows: int) -> list[Any]:
    """Return an estimator's own answer row by row, as lists."""
    if isinstance(answer, list):
        return [[np.asarray(part)[i].tolist() for part in answer] for i in range(rows)]
    rows_: list[Any] = np.asarray(answer).tolist()
    return rows_
