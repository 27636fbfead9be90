"""Expressions in, their values out, without ever running what a client sent.

An expression is parsed, and only what is listed here is computed. Python's own `eval` would run
anything; it cannot be made safe by hiding names from it. Sizes are bounded before each step, as
`9**9**9` has no forbidden name in it either.
"""

import ast
import math
import operator

import pandas as pd

LONGEST_EXPRESSION = 500
LARGEST_BITS = 4096
LONGEST_STRING = 1000
LARGEST_EXPONENT = 1000

FUNCTIONS = {"abs": abs, "len": len, "max": max, "min": min, "round": round, "sqrt": math.sqrt}
NAMES = {"pi": math.pi, "e": math.e}
SIGNS = {ast.UAdd: operator.pos, ast.USub: operator.neg, ast.Not: operator.not_}
COMPARISONS = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


def azureml_main(dataframe1=None, dataframe2=None):
    """Return each expression with its value.

    Args:
        dataframe1: a column `expression`.
        dataframe2: not used.
    """
    expressions = dataframe1["expression"].astype(str)
    return pd.DataFrame(
        {"expression": expressions, "result": [value_of(text) for text in expressions]}
    )


def value_of(text):
    """Return the value of one expression: a number, a string or a boolean.

    Raises:
        ValueError: it is too long, too large, or does what is not listed here.
    """
    if len(text) > LONGEST_EXPRESSION:
        raise ValueError(f"an expression has at most {LONGEST_EXPRESSION} characters")
    try:
        return compute(ast.parse(text.strip(), mode="eval").body)
    except (SyntaxError, TypeError, ArithmeticError, RecursionError, MemoryError) as error:
        raise ValueError(f"{text[:80]!r} cannot be computed: {error}") from None


def compute(node):
    """Return the value of one node of the tree."""
    if isinstance(node, ast.Constant) and type(node.value) in (int, float, str, bool):
        return bounded(node.value)
    if isinstance(node, ast.Name) and node.id in NAMES:
        return NAMES[node.id]
    if isinstance(node, ast.UnaryOp) and type(node.op) in SIGNS:
        return SIGNS[type(node.op)](compute(node.operand))
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        return bounded(OPERATORS[type(node.op)](compute(node.left), compute(node.right)))
    if isinstance(node, ast.Compare):
        values = [compute(one) for one in (node.left, *node.comparators)]
        pairs = zip(node.ops, values, values[1:], strict=False)
        return all(COMPARISONS[type(op)](one, other) for op, one, other in pairs if known(op))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
        if node.func.id in FUNCTIONS:
            return bounded(FUNCTIONS[node.func.id](*map(compute, node.args)))
        raise ValueError(f"the function {node.func.id!r} is not offered")
    raise ValueError(f"{ast.unparse(node)[:80]!r} is not offered")


def known(op):
    """Tell whether a comparison is offered."""
    if type(op) not in COMPARISONS:
        raise ValueError("this comparison is not offered")
    return True


def bounded(value):
    """Return a value that is not too large."""
    if isinstance(value, int) and value.bit_length() > LARGEST_BITS:
        raise ValueError(f"an integer has at most {LARGEST_BITS} bits")
    if isinstance(value, str) and len(value) > LONGEST_STRING:
        raise ValueError(f"a string has at most {LONGEST_STRING} characters")
    return value


def power(base, exponent):
    """Return a power whose size is known before it is computed."""
    if abs(exponent) > LARGEST_EXPONENT:
        raise ValueError(f"an exponent is at most {LARGEST_EXPONENT}")
    whole = isinstance(base, int) and isinstance(exponent, int)
    if whole and base.bit_length() * exponent > LARGEST_BITS:
        raise ValueError(f"an integer has at most {LARGEST_BITS} bits")
    result = base**exponent
    if isinstance(result, complex):
        raise ValueError("complex numbers are not offered")
    return result


def product(one, other):
    """Return a product, or a string repeated, whose size is known before it is computed."""
    for text, count in ((one, other), (other, one)):
        if isinstance(text, str) and isinstance(count, int) and len(text) * count > LONGEST_STRING:
            raise ValueError(f"a string has at most {LONGEST_STRING} characters")
    return one * other


def remainder(one, other):
    """Return a remainder; of a string it would be formatting, with widths of any size."""
    if isinstance(one, str):
        raise ValueError("formatting is not offered")
    return one % other


OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: product,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: remainder,
    ast.Pow: power,
}
