"""The entry script, read as a file: would Azure's server take its `init()` and `run()`?

The rules are azureml-inference-server-http's (1.5): both functions must exist, `run()` has
neither `*args` nor `**kwargs` nor positional-only parameters, and the script is executed under
another name, so that it cannot be imported again.
"""

from __future__ import annotations

import ast
import keyword
import sys
from collections.abc import Iterator
from pathlib import Path

from deploy.checks.syntax import installed_modules, parse
from deploy.findings import Finding, fault, warning

Function = ast.FunctionDef | ast.AsyncFunctionDef

FIX_RUN = "Give it named parameters only, as in `def run(raw_data):`."


def check_entry(entry: Path, source: Path) -> list[Finding]:
    """Return what is wrong with the entry script.

    Args:
        entry: its path.
        source: the folder that is uploaded.
    """
    found = list(_check_name(entry, source))
    if found:
        return found
    tree = parse(entry)
    if isinstance(tree, Finding):
        return [tree]
    functions = {node.name: node for node in tree.body if isinstance(node, Function)}
    bound = set(functions) | _assigned(tree)
    found += [
        fault(entry, f"There is no {name}().", f"Define `def {name}(...):`.")
        for name in ("init", "run")
        if name not in bound
    ]
    if "init" in functions:
        found += _check_init(functions["init"], entry)
    if "run" in functions:
        found += _check_run(functions["run"], entry)
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            problem = f"The class {node.name} is defined in the entry script."
            fix = "Move it to a module: the script is not importable, so pickles of it break."
            found.append(warning(f"{entry}:{node.lineno}", problem, fix))
    return found


def check_modules(source: Path, files: tuple[Path, ...]) -> list[Finding]:
    """Return what is wrong with the names of the modules beside the entry script."""
    found = []
    taken = set(sys.stdlib_module_names) | installed_modules().keys()
    imported = {name for file in files for name in _imports_of(source / file)}
    for module in sorted({file.parts[0].removesuffix(".py") for file in files}):
        if module in taken & imported:
            problem = f"An installed module is called {module} too and is found first."
            place = source / f"{module}.py"
            where = place if place.is_file() else place.with_suffix("")
            found.append(fault(where, problem, "Rename it."))
    return found


def _check_name(entry: Path, source: Path) -> Iterator[Finding]:
    if not source.is_dir():
        yield fault(source, "There is no such folder.", "Correct sourceDirectory.")
    elif not entry.is_file():
        there = ", ".join(sorted(path.name for path in source.glob("*.py"))) or "none"
        yield fault(
            entry, "There is no such entry script.", f"Correct entryScript; found: {there}."
        )
    elif not entry.resolve().is_relative_to(source.resolve()):
        yield fault(entry, f"It lies outside {source}.", "Move it into sourceDirectory.")
    elif entry.suffix != ".py" or not entry.stem.isidentifier() or keyword.iskeyword(entry.stem):
        fix = "Rename it: letters, digits and underscores, ending in .py."
        yield fault(entry, "The name is not that of a Python module.", fix)
    elif entry.stem == "main":
        fix = "Rename it: main.py is the server's own name for a script that was not found."
        yield fault(entry, "main.py hides what went wrong.", fix)


def _check_init(init: Function, entry: Path) -> Iterator[Finding]:
    where = f"{entry}:{init.lineno}"
    arguments = init.args
    required = len(arguments.posonlyargs + arguments.args) - len(arguments.defaults)
    if required > 0 or any(default is None for default in arguments.kw_defaults):
        yield fault(where, "init() has parameters; the server gives it none.", "Write `init()`.")
    if isinstance(init, ast.AsyncFunctionDef):
        yield fault(where, "init() is async; the server does not await it.", "Remove `async`.")


def _check_run(run: Function, entry: Path) -> Iterator[Finding]:
    where = f"{entry}:{run.lineno}"
    arguments = run.args
    names = [a.arg for a in arguments.posonlyargs + arguments.args + arguments.kwonlyargs]
    if arguments.vararg or arguments.kwarg:
        yield fault(where, "run() has *args or **kwargs, which the server refuses.", FIX_RUN)
    if arguments.posonlyargs:
        yield fault(where, "run() has positional-only parameters.", FIX_RUN)
    if not names and not arguments.vararg and not arguments.kwarg:
        yield fault(where, "run() has no parameter for the request.", FIX_RUN)
    if isinstance(run, ast.AsyncFunctionDef):
        yield fault(where, "run() is async; the server does not await it.", "Remove `async`.")
    decorators = [_decorator(node) for node in run.decorator_list]
    kinds = [kind for kind, _ in decorators]
    if "rawhttp" in kinds and "input_schema" in kinds:
        fix = "Keep one: @rawhttp reads the request itself."
        yield fault(where, "run() has both @rawhttp and @input_schema.", fix)
    if "endpoint" in kinds[1:]:
        fix = "Write @endpoint above all other decorators, or bad input gives an opaque 500."
        yield fault(where, "@endpoint is not the outermost decorator.", fix)
    for kind, parameter in decorators:
        if kind == "input_schema" and parameter and parameter not in names:
            problem = f"@input_schema names {parameter}, which run() does not have."
            yield fault(where, problem, f"Call it as the parameter is called: {', '.join(names)}.")


def _decorator(node: ast.expr) -> tuple[str, str]:
    """Return the decorator's last name and its first argument, when that is a text."""
    call = node if isinstance(node, ast.Call) else None
    function = call.func if call else node
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    first = call.args[0] if call and call.args else None
    argument = first.value if isinstance(first, ast.Constant) else ""
    return name, argument if isinstance(argument, str) else ""


def _assigned(tree: ast.Module) -> set[str]:
    """Return the names that are imported or assigned at the top."""
    names = {
        alias.asname or alias.name
        for node in tree.body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    targets = [t for node in tree.body if isinstance(node, ast.Assign) for t in node.targets]
    return names | {target.id for target in targets if isinstance(target, ast.Name)}


def _imports_of(path: Path) -> set[str]:
    tree = parse(path) if path.suffix == ".py" else None
    if not isinstance(tree, ast.Module):
        return set()
    nodes = list(ast.walk(tree))
    plain = {a.name.split(".")[0] for n in nodes if isinstance(n, ast.Import) for a in n.names}
    return plain | {
        n.module.split(".")[0]
        for n in nodes
        if isinstance(n, ast.ImportFrom) and n.module and not n.level
    }
