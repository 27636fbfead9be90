"""scoring.problems: how faults are counted and said."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

import pytest
from scoring.columns import base
from scoring.columns.numbers import Number
from scoring.errors import LISTED_PROBLEMS, InvalidInput
from scoring.problems import Problems, check_keys, describe, key_path, nearest, shorten


def raised(problems: Problems) -> InvalidInput:
    with pytest.raises(InvalidInput) as caught:
        problems.raise_any()
    return caught.value


def test_nothing_wrong_is_no_error() -> None:
    """Without a problem nothing is raised."""
    Problems("Inputs").raise_any()


def test_the_first_ten_are_listed_and_all_are_counted() -> None:
    """An answer names ten problems and says how many there are."""
    problems = Problems("Inputs")
    for index in range(12):
        problems.add("Inputs.data", f"Inputs.data[{index}]", "number", "null")
    problems.add_each("Inputs.data", ["a", "b", "c"], lambda key: (key, "number", "null"))
    error = raised(problems)
    assert (len(error.problems), error.total) == (LISTED_PROBLEMS, 15)
    assert str(error).startswith("15 problems in Inputs.data: Inputs.data[0]: expected number")


def test_each_cause_until_ten() -> None:
    """Of many causes the first ten are put into words, in their order, and all are counted."""
    problems, said = Problems("t"), []

    def say(key: str) -> tuple[str, str, str]:
        said.append(key)
        return key, "number", "null"

    problems.add("t", "first", "number", "null")
    problems.add_each("t", [str(i) for i in range(30)], say)
    error = raised(problems)
    assert error.total == 31
    assert [problem.where for problem in error.problems] == ["first", *said]
    assert said == [str(i) for i in range(9)]


def test_after_ten_nothing_is_put_into_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many wrong cells those that nobody will read are only counted."""
    described: list[object] = []

    def spy(value: object) -> str:
        described.append(value)
        return describe(value)

    monkeypatch.setattr(base, "describe", spy)
    problems = Problems("t")
    for index in range(50):
        Number().explain("x", "t", f"t[{index}]", problems)
        Number().explain("x", "t", f"t[{index}]", problems.noting("a note"))
    assert raised(problems).total == 100
    assert len(described) == LISTED_PROBLEMS


def test_a_note_is_behind_what_was_expected() -> None:
    """What is added with a note counts with the rest."""
    problems = Problems("t")
    noting = problems.noting('column "a"')
    noting.add("t", "t[0]", "number", "null")
    noting.add_each("t", ["t[1]"] * 11, lambda key: (key, "number", "null"))
    error = raised(problems)
    assert error.total == 12
    assert {problem.expected for problem in error.problems} == {'number (column "a")'}


def test_problems_in_several_parts_are_in_the_whole() -> None:
    """Where two tables are wrong the message names what holds both."""
    problems = Problems("Inputs")
    for part in ("Inputs.a", "Inputs.b"):
        problems.add(part, part, "number", "null")
    assert str(raised(problems)).startswith("2 problems in Inputs: ")


def test_the_body_itself_has_a_name() -> None:
    """A path that is empty is called the body."""
    problems = Problems("")
    problems.add("", "", "an object", "null")
    assert (
        str(raised(problems)) == "1 problem in the body: the body: expected an object, found null"
    )


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "null"),
        ({"secret": 1}, "an object"),
        ([1, 2], "an array of 2"),
        (True, "boolean true"),
        (1.5, "number 1.5"),
        (float("nan"), "number NaN"),
        ('a"b', 'string "a\\"b"'),
        ("x" * 50, f'string "{"x" * 40}..."'),
        (10**60, f"number {'1' + '0' * 39}..."),
    ],
)
def test_values_are_described_briefly(value: Any, said: str) -> None:
    """A short value is repeated, a long one cut, what is inside an object or array left out."""
    assert describe(value) == said


def test_long_text_is_cut_before_it_is_escaped() -> None:
    """A megabyte of text becomes a few characters."""
    assert shorten("\u00e4" * 1_000_000) == '"' + "\u00e4" * 40 + '..."'


@pytest.mark.parametrize(
    ("where", "key", "path"),
    [
        ("", "bmi", "bmi"),
        ("Inputs", "bmi", "Inputs.bmi"),
        ("Inputs", "sepal length (cm)", 'Inputs["sepal length (cm)"]'),
        ("Inputs", "0", 'Inputs["0"]'),
        ("Inputs", "", 'Inputs[""]'),
        ("", "x" * 41, f'["{"x" * 40}..."]'),
    ],
)
def test_paths(where: str, key: str, path: str) -> None:
    """Plain keys follow a dot, all others stand in brackets, long ones cut."""
    assert key_path(where, key) == path


def test_missing_and_unknown_keys_point_at_each_other() -> None:
    """A misspelt key is two problems, each with the other as a suggestion."""
    problems = Problems("t")
    known = {"bmi": "number", "age": "integer"}
    check_keys({"bmmi": 1, "age": 2}, list(known), known, "t", "t", problems)
    missing, unknown = raised(problems).problems
    assert (missing.where, missing.found) == ("t.bmi", 'nothing, but there is "bmmi"')
    assert (unknown.where, unknown.expected) == (
        "t.bmmi",
        'no key of this name (did you mean "bmi"?)',
    )


def test_many_unknown_keys_are_not_all_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    """A body of many long unknown keys costs few comparisons, and all are counted."""
    compared: list[tuple[str, list[str]]] = []

    def spy(word: str, possibilities: Iterable[str], n: int) -> list[str]:
        compared.append((word, list(possibilities)))
        return get_close_matches(word, compared[-1][1], n=n)

    get_close_matches = difflib.get_close_matches
    monkeypatch.setattr(difflib, "get_close_matches", spy)
    known = {f"c{i}": "number" for i in range(1000)}
    row = {f"{'x' * 50}{i}": 1 for i in range(2000)} | {"y" * 1000: 1}
    problems = Problems("t")
    check_keys(row, list(known), known, "t", "t", problems)
    assert raised(problems).total == 3001
    assert len(compared) == LISTED_PROBLEMS
    assert all(len(candidates) <= 50 for _, candidates in compared)
    assert all(len(name) <= 64 for word, names in compared for name in (word, *names))


@pytest.mark.parametrize(
    ("key", "found"), [("AGE", "age"), ("agee", "age"), ("weight", None), ("a" * 10**6, None)]
)
def test_the_nearest_key(key: str, found: str | None) -> None:
    """Case counts little, and what is like nothing is near nothing."""
    assert nearest(key, ["age", "bmi"]) == found


@pytest.mark.parametrize(
    ("key", "path"),
    [
        ("größe", "row.größe"),
        ("年齢", "row.年齢"),
        ("Größe in m²", 'row["Größe in m²"]'),
        ("line\nend", 'row["line\\nend"]'),
        ('a"b', 'row["a\\"b"]'),
        ("\u202eback", 'row["\\u202eback"]'),
        ("\ud800", 'row["\\ud800"]'),
    ],
)
def test_names_are_readable_in_every_language(key: str, path: str) -> None:
    """Letters are kept; what does not print, turns the writing or quotes is escaped."""
    assert key_path("row", key) == path
