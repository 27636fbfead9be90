"""The linter for scripts of 2016."""

from __future__ import annotations

import ast
import textwrap

import pytest

from deploy.studio.old_calls import NoScript, fixed, lint


def found(source: str) -> list[str]:
    return [call.found for call in lint(textwrap.dedent(source))]


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("import numpy as np\nx = np.float(1)", ["np.float"]),
        ("import numpy\nx = numpy.NaN", ["numpy.NaN"]),
        ("import pandas as pd\nx = pd.rolling_mean(s, 3)", ["pd.rolling_mean"]),
        ("from pandas.tools.plotting import scatter_matrix", ["pandas.tools.plotting"]),
        ("from sklearn.externals import joblib", ["sklearn.externals.joblib"]),
        ("from sklearn.preprocessing import Imputer", ["sklearn.preprocessing.Imputer"]),
        ("import sklearn.cross_validation as cv", ["sklearn.cross_validation"]),
        ("x = df.ix[0]", [".ix"]),
        ("x = df.append(other)", [".append"]),
        ("df.append(other, ignore_index=True)", [".append"]),
        ("x = df.sort('a')", [".sort"]),
        ("x = df.as_matrix()", [".as_matrix"]),
        ("for k in d.iteritems(): pass", [".iteritems"]),
    ],
)
def test_old_calls_are_named(source: str, what: list[str]) -> None:
    """Each one, once."""
    assert found(source) == what


@pytest.mark.parametrize(
    "source",
    [
        "rows.append(1)",
        "rows.sort()",
        "import numpy as np\nx = np.float64(1)",
        "float = 1\nx = numpy.float",
        "import mine as np\nx = np.float(1)",
        "import pandas as pd\nx = pd.concat([a, b])",
        "match x:\n    case 1: pass",
        "print('a', 'b', end='')",
        "x = 1 / 2",
    ],
)
def test_what_still_works_is_left_alone(source: str) -> None:
    """Lists have append, other modules have float, and Python 3 is no Python 2."""
    assert found(source) == []
    assert fixed(source).rstrip("\n") == source


def test_lines_are_those_of_the_script() -> None:
    """Counted from 1, in their order."""
    source = "import numpy as np\n\nx = df.ix[0]\ny = (\n    np.float(1)\n)\n"
    assert [(call.line, call.fixable) for call in lint(source)] == [(3, False), (5, True)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import numpy as np\nx = np.float(1), np.int", "import numpy as np\nx = float(1), int"),
        ("import numpy as n\nx = n.product(y)", "import numpy as n\nx = n.prod(y)"),
        ("x = é.as_matrix(); y = é.as_matrix()", "x = é.to_numpy(); y = é.to_numpy()"),
        ("from sklearn.externals import joblib", "import joblib"),
        ("from sklearn.externals import joblib as j", "import joblib as j"),
        ("import sklearn.externals.joblib as joblib", "import joblib"),
        (
            "from sklearn.cross_validation import KFold, train_test_split",
            "from sklearn.model_selection import KFold, train_test_split",
        ),
        ("x = df.ix[0]", "x = df.ix[0]"),
        ("for i in xrange(3): pass", "for i in range(3): pass"),
        ("import cPickle", "import pickle"),
    ],
)
def test_the_mechanical_is_rewritten(before: str, after: str) -> None:
    """And nothing else."""
    assert fixed(before + "\n") == after + "\n"


PYTHON_2 = """\
import sys

def azureml_main(dataframe1 = None, dataframe2 = None):
    print 'rows:', len(dataframe1)
    if not d.has_key(u'a'):
        raise ValueError, 'no a'
    try:
        pass
    except Exception, e:
        print >>sys.stderr, e
    half = len(dataframe1) / 2
    return dataframe1,
"""


def test_python_2_is_brought_to_python_3() -> None:
    """Every line that is not Python 3 is named, and rewritten; a division is only named."""
    named = lint(PYTHON_2)
    assert [call.line for call in named] == [4, 5, 6, 9, 10, 11]
    assert [call.fixable for call in named] == [True] * 5 + [False]
    better = fixed(PYTHON_2)
    ast.parse(better)
    assert "print('rows:', len(dataframe1))" in better
    assert "half = len(dataframe1) / 2" in better
    assert fixed(better) == better


@pytest.mark.parametrize("source", ["def f(:", "x = 'a", "  x\n y", "\0"])
def test_what_is_no_python_is_refused(source: str) -> None:
    """Of neither version."""
    with pytest.raises(NoScript):
        lint(source)
