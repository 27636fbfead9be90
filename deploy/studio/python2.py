"""Python 2 in a script, brought to Python 3 by fissix, which goes on where 2to3 ended."""

from __future__ import annotations

import ast
import difflib
import logging
from collections.abc import Iterator
from functools import cache

from fissix.pgen2.parse import ParseError
from fissix.pgen2.tokenize import TokenError
from fissix.refactor import RefactoringTool

#: What reads the same in both languages or not at all, and is safe in a script that is Python 3
#: but for a name: map() and dict.keys() may be meant as Python 3 has them.
NAMES = (
    "basestring",
    "has_key",
    "imports",
    "itertools",
    "itertools_imports",
    "long",
    "raw_input",
    "reduce",
    "unicode",
    "urllib",
    "xrange",
)

#: What a script that is no Python 3 says otherwise beside.
SYNTAX = (
    "dict",
    "except",
    "exec",
    "filter",
    "map",
    "ne",
    "next",
    "numliterals",
    "paren",
    "print",
    "raise",
    "repr",
    "tuple_params",
    "zip",
)


class NoPython2(Exception):
    """The text is no Python 2 either."""


def converted(source: str) -> str:
    """Return a Python 2 script as Python 3.

    Raises:
        NoPython2: it is not one.
    """
    return _refactored(source, (*SYNTAX, *NAMES), print_function=False)


def names_converted(source: str) -> str:
    """Return a Python 3 script with the names that only Python 2 had replaced."""
    try:
        return _refactored(source, NAMES, print_function=True)
    except NoPython2:
        # Syntax that is newer than fissix: no script of 2016.
        return source


def differences(before: str, after: str) -> Iterator[tuple[int, str, str]]:
    """Yield the changed lines: number, text before, text after; empty where lines were added."""
    old, new = before.splitlines(), after.splitlines()
    for tag, i, end, j, stop in difflib.SequenceMatcher(None, old, new).get_opcodes():
        if tag == "equal":
            continue
        for k in range(max(end - i, 1)):
            left = old[i + k].strip() if i + k < end else ""
            right = new[j + k].strip() if j + k < stop else ""
            if left != right:
                yield i + k + 1, left, right


def divisions(source: str) -> list[int]:
    """Return the lines with a division, which of two integers was another one in Python 2."""
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.BinOp)]
    return sorted({node.lineno for node in nodes if isinstance(node.op, ast.Div)})


def _refactored(source: str, fixers: tuple[str, ...], *, print_function: bool) -> str:
    tool = _tool(fixers, print_function)
    try:
        # It wants the line break at the end that editors of 2016 left out.
        tree = tool.refactor_string(source if source.endswith("\n") else source + "\n", "script")
    except (ParseError, TokenError, IndentationError) as error:
        raise NoPython2(str(error)) from None
    return str(tree)


@cache
def _tool(fixers: tuple[str, ...], print_function: bool) -> RefactoringTool:
    logging.getLogger("RefactoringTool").setLevel(logging.WARNING)
    names = [f"fissix.fixes.fix_{name}" for name in fixers]
    return RefactoringTool(names, {"print_function": print_function})
