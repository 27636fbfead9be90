"""The linter: which calls of a script are gone, on which line, and what to write instead.

A script is read, never run. Names are followed through its imports (`import numpy as np`), so
only numpy's `np.float` is meant; methods are told by their name, as the type of an object is
not known, and are warnings therefore.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from deploy.studio import python2
from deploy.studio.removed import AMBIGUOUS, METHODS, MODULES, NAMES, Removed


class NoScript(Exception):
    """The text is neither Python 3 nor Python 2; the message has the line."""


@dataclass(frozen=True)
class OldCall:
    """One thing that no longer is there.

    Attributes:
        line: counted from 1.
        found: as it stands there.
        instead: what to write.
        fixable: `fixed` writes it.
        certain: it fails when it is reached; else it may be another object's method.
    """

    line: int
    found: str
    instead: str
    fixable: bool
    certain: bool

    def __str__(self) -> str:
        """Return it as one line."""
        how = "--fix writes it" if self.fixable else "by hand"
        return f"{self.found} is gone; write {self.instead} ({how})"


@dataclass(frozen=True)
class Edit:
    """A change within one line; columns count bytes, as Python's parser does."""

    line: int
    start: int
    end: int
    text: str


def lint(source: str) -> list[OldCall]:
    """Return what of a script is gone, by line.

    Raises:
        NoScript: it is no Python at all.
    """
    changes, source = _python3(source)
    return sorted([*changes, *(call for call, _ in _found(source))], key=lambda call: call.line)


def fixed(source: str) -> str:
    """Return the script with everything mechanical replaced, Python 2 included.

    Raises:
        NoScript: it is no Python at all.
    """
    _, source = _python3(source)
    edits = sorted(
        (edit for _, edit in _found(source) if edit is not None),
        key=lambda edit: (edit.line, edit.start),
        reverse=True,
    )
    lines = [line.encode() for line in source.splitlines(keepends=True)]
    for edit in edits:
        line = lines[edit.line - 1]
        lines[edit.line - 1] = line[: edit.start] + edit.text.encode() + line[edit.end :]
    return b"".join(lines).decode()


def _python3(source: str) -> tuple[list[OldCall], str]:
    """Return what is Python 2 in a script, and the script without it."""
    try:
        ast.parse(source)
        converted = python2.names_converted(source)
    except (SyntaxError, ValueError) as error:
        try:
            converted = python2.converted(source)
            ast.parse(converted)
        except (python2.NoPython2, SyntaxError, ValueError):
            where = f"line {error.lineno}: " if isinstance(error, SyntaxError) else ""
            raise NoScript(f"{where}{error}") from None
        cut = "// where the fraction is to be cut"
        divisions = [
            OldCall(line, "Python 2's / of integers", cut, False, False)
            for line in python2.divisions(converted)
        ]
    else:
        divisions = []
    changes = [
        OldCall(line, f"Python 2's `{before}`", f"`{after}`", True, True)
        for line, before, after in python2.differences(source, converted)
    ]
    return [*changes, *divisions], converted


def _found(source: str) -> Iterator[tuple[OldCall, Edit | None]]:
    tree = ast.parse(source)
    aliases = dict(_aliases(tree))
    unused = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    called = {id(node.func): node for node in ast.walk(tree) if isinstance(node, ast.Call)}
    lines = source.splitlines()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from _imports(node, lines)
        elif isinstance(node, ast.Attribute):
            name = _dotted(node, aliases)
            if name in NAMES:
                yield _name(node, name)
            elif name in MODULES:
                yield OldCall(node.lineno, name, MODULES[name].instead, False, True), None
            elif name.partition(".")[0] not in aliases.values() and node.attr in METHODS:
                yield _method(node, METHODS[node.attr])
            elif node.attr in AMBIGUOUS and id(node) in called:
                call = called[id(node)]
                keywords = {keyword.arg for keyword in call.keywords}
                if id(call) not in unused or keywords & {"ignore_index", "columns", "by"}:
                    yield _method(node, AMBIGUOUS[node.attr])


def _aliases(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield each name that an import binds, and the full name of what it is."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                whole = alias.name if alias.asname else alias.name.partition(".")[0]
                yield alias.asname or whole, whole
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                yield alias.asname or alias.name, f"{node.module}.{alias.name}"


def _imports(
    node: ast.Import | ast.ImportFrom, lines: list[str]
) -> Iterator[tuple[OldCall, Edit | None]]:
    module = node.module if isinstance(node, ast.ImportFrom) else None
    if module in MODULES:
        removed = MODULES[module]
        edit = _in_line(node.lineno, lines, module, removed.fix)
        yield OldCall(node.lineno, module, removed.instead, edit is not None, True), edit
        return
    for alias in node.names:
        name = f"{module}.{alias.name}" if module else alias.name
        if name not in MODULES and name not in NAMES:
            continue
        removed = MODULES.get(name) or NAMES[name]
        edit = None
        # A whole statement of one name; of `import a.b` the name a.b is used further down.
        if name in MODULES and removed.fix and len(node.names) == 1 and (module or alias.asname):
            bound = alias.asname or alias.name
            plain = removed.fix == bound
            text = f"import {removed.fix}" + ("" if plain else f" as {bound}")
            edit = Edit(node.lineno, node.col_offset, node.end_col_offset or 0, text)
            edit = edit if node.lineno == node.end_lineno else None
        yield OldCall(node.lineno, name, removed.instead, edit is not None, True), edit


def _name(node: ast.Attribute, name: str) -> tuple[OldCall, Edit | None]:
    removed, edit = NAMES[name], None
    if removed.fix and node.lineno == node.end_lineno:
        edit = Edit(node.lineno, node.col_offset, node.end_col_offset or 0, removed.fix)
    elif removed.instead.startswith(f"{name.partition('.')[0]}.") and "(" not in removed.instead:
        # Another name of the same module: what it is reached by stays.
        edit = _attribute(node, removed.instead.rpartition(".")[2])
        if removed.instead.count(".") != name.count("."):
            edit = None
    return OldCall(node.lineno, ast.unparse(node), removed.instead, edit is not None, True), edit


def _method(node: ast.Attribute, removed: Removed) -> tuple[OldCall, Edit | None]:
    edit = _attribute(node, removed.fix) if removed.fix else None
    instead = f".{removed.fix}" if removed.fix else removed.instead
    return OldCall(node.end_lineno or 0, f".{node.attr}", instead, edit is not None, False), edit


def _attribute(node: ast.Attribute, text: str) -> Edit:
    end = node.end_col_offset or 0
    return Edit(node.end_lineno or 0, end - len(node.attr.encode()), end, text)


def _in_line(number: int, lines: list[str], old: str, new: str) -> Edit | None:
    """Return the change of one word of a line; None where there is nothing to write."""
    before, found, _ = lines[number - 1].partition(old)
    if not (found and new):
        return None
    start = len(before.encode())
    return Edit(number, start, start + len(old.encode()), new)


def _dotted(node: ast.expr, aliases: dict[str, str]) -> str:
    """Return the full name of an attribute of a module; empty for any other expression."""
    if isinstance(node, ast.Name):
        return aliases.get(node.id, "")
    if isinstance(node, ast.Attribute):
        inner = _dotted(node.value, aliases)
        return f"{inner}.{node.attr}" if inner else ""
    return ""
