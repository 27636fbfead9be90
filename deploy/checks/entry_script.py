"""The entry script, read as a file: would Azure's server take its `init()` and `run()`?

The rules are azureml-inference-server-http's (1.5): both functions must exist, `run()` has
neither `*args` nor `**kwargs` nor positional-only parameters, and the script is executed under
another name, so that it cannot be imported again.
"""

from __future__ import annotations

import ast
import keyword
from collections.abc import Iterator

from deploy.checks.context import Check, Context
from deploy.findings import Finding, Level, Rule

Function = ast.FunctionDef | ast.AsyncFunctionDef

FIX_RUN = "Give it named parameters only, as in `def run(raw_data):`."

#: Decorators that keep the parameters of run() as they are written. What another one makes of
#: them shows only when the script runs.
TRANSPARENT = frozenset({"input_schema", "output_schema", "rawhttp", "endpoint", "describable"})

NO_SOURCE = Rule(
    "entry.no-source",
    Level.FAULT,
    "The folder to upload is not there.",
    "`sourceDirectory: scor`",
    "Correct sourceDirectory.",
)
NO_SCRIPT = Rule(
    "entry.no-script",
    Level.FAULT,
    "The entry script is not there; letter case counts in the container.",
    "`entryScript: Score.py` where the file is called score.py",
    "Correct entryScript.",
)
OUTSIDE = Rule(
    "entry.outside",
    Level.FAULT,
    "Only files of sourceDirectory are uploaded.",
    "`entryScript: ../other.py`",
    "Move it into sourceDirectory.",
)
NAME = Rule(
    "entry.name",
    Level.FAULT,
    "The server imports the script, so its name must be that of a Python module.",
    "`entryScript: my-score.py`",
    "Rename it: letters, digits and underscores, ending in .py.",
)
SYNTAX = Rule(
    "python.syntax",
    Level.FAULT,
    "Python cannot read the file.",
    "`def init(:`",
    "Mend that line.",
)
NO_INIT = Rule(
    "entry.no-init",
    Level.FAULT,
    "The server calls init() once; without it the service does not start.",
    "a script without `def init():`",
    "Define `def init():`.",
)
NO_RUN = Rule(
    "entry.no-run",
    Level.FAULT,
    "The server calls run() for each request; without it the service does not start.",
    "a script with `def predict(raw_data):` alone",
    "Define `def run(raw_data):`.",
)
INIT_PARAMETERS = Rule(
    "entry.init-parameters",
    Level.FAULT,
    "The server calls init() with nothing.",
    "`def init(path):`",
    "Write `init()`.",
)
RUN_PARAMETERS = Rule(
    "entry.run-parameters",
    Level.FAULT,
    "The server fills named parameters of run() only, and at least one.",
    "`def run(*args):`",
    FIX_RUN,
)
ASYNC = Rule(
    "entry.async",
    Level.FAULT,
    "The server does not await what it calls.",
    "`async def run(raw_data):`",
    "Remove `async`.",
)
DECORATORS = Rule(
    "entry.decorators",
    Level.FAULT,
    "These decorators do not go together, or not in this order.",
    "@rawhttp above @input_schema",
    "Keep one of them.",
)
SCHEMA_PARAMETER = Rule(
    "entry.schema-parameter",
    Level.FAULT,
    "@input_schema describes a parameter that run() does not have.",
    '`@input_schema("data", ...)` above `def run(Inputs):`',
    "Call it as the parameter is called.",
)
CLASS = Rule(
    "entry.class",
    Level.WARNING,
    "The script runs under another name, so a pickle of a class that it defines breaks.",
    "`class Scaler:` in the entry script",
    "Move it to a module: the script is not importable, so pickles of it break.",
)


def check_entry(context: Context) -> Iterator[Finding]:
    """Yield what is wrong with the entry script; Azure brings its own where there is no code."""
    if context.plan.framework:
        return
    found = list(_check_place(context))
    yield from found
    if found:
        return
    entry, tree = context.entry, context.entry_tree
    if isinstance(tree, Finding):
        yield tree
        return
    functions = {node.name: node for node in _top(tree) if isinstance(node, Function)}
    bound = functions.keys() | _assigned(tree)
    for name, rule in (("init", NO_INIT), ("run", NO_RUN)):
        # What a star brings is seen when the script runs.
        if name not in bound and "*" not in bound:
            yield rule.at(entry, f"There is no {name}().")
    if "init" in functions:
        yield from _check_init(functions["init"], f"{entry}:{functions['init'].lineno}")
    if "run" in functions:
        yield from _check_run(functions["run"], f"{entry}:{functions['run'].lineno}")
    for node in _top(tree):
        if isinstance(node, ast.ClassDef):
            problem = f"The class {node.name} is defined in the entry script."
            yield CLASS.at(f"{entry}:{node.lineno}", problem)


def _check_place(context: Context) -> Iterator[Finding]:
    entry, source = context.entry, context.source
    if not source.is_dir():
        yield NO_SOURCE.at(source, "There is no such folder.")
    elif not entry.is_file():
        there = ", ".join(sorted(path.name for path in source.glob("*.py"))) or "none"
        fix = f"Correct entryScript; found: {there}."
        yield NO_SCRIPT.at(entry, "There is no such entry script.", fix)
    elif not entry.resolve().is_relative_to(source.resolve()):
        yield OUTSIDE.at(entry, f"It lies outside {source}.")
    elif entry.suffix != ".py" or not entry.stem.isidentifier() or keyword.iskeyword(entry.stem):
        yield NAME.at(entry, "The name is not that of a Python module.")
    elif entry.stem == "main":
        fix = "Rename it: main.py is the server's own name for a script that was not found."
        yield NAME.at(entry, "main.py hides what went wrong.", fix)


def _check_init(init: Function, where: str) -> Iterator[Finding]:
    arguments = init.args
    required = len(arguments.posonlyargs + arguments.args) - len(arguments.defaults)
    if required > 0 or any(default is None for default in arguments.kw_defaults):
        yield INIT_PARAMETERS.at(where, "init() has parameters; the server gives it none.")
    if isinstance(init, ast.AsyncFunctionDef):
        yield ASYNC.at(where, "init() is async; the server does not await it.")


def _check_run(run: Function, where: str) -> Iterator[Finding]:
    decorators = [_decorator(node) for node in run.decorator_list]
    kinds = [kind for kind, _ in decorators]
    if not set(kinds) <= TRANSPARENT:
        return
    arguments = run.args
    names = [a.arg for a in arguments.posonlyargs + arguments.args + arguments.kwonlyargs]
    if arguments.vararg or arguments.kwarg:
        yield RUN_PARAMETERS.at(where, "run() has *args or **kwargs, which the server refuses.")
    if arguments.posonlyargs:
        yield RUN_PARAMETERS.at(where, "run() has positional-only parameters.")
    if not names and not arguments.vararg and not arguments.kwarg:
        yield RUN_PARAMETERS.at(where, "run() has no parameter for the request.")
    if isinstance(run, ast.AsyncFunctionDef):
        yield ASYNC.at(where, "run() is async; the server does not await it.")
    if "rawhttp" in kinds and "input_schema" in kinds:
        fix = "Keep one: @rawhttp reads the request itself."
        yield DECORATORS.at(where, "run() has both @rawhttp and @input_schema.", fix)
    if "endpoint" in kinds[1:]:
        fix = "Write @endpoint above all other decorators, or bad input gives an opaque 500."
        yield DECORATORS.at(where, "@endpoint is not the outermost decorator.", fix)
    for kind, parameter in decorators:
        if kind == "input_schema" and parameter and parameter not in names:
            problem = f"@input_schema names {parameter}, which run() does not have."
            fix = f"Call it as the parameter is called: {', '.join(names)}."
            yield SCHEMA_PARAMETER.at(where, problem, fix)


def _decorator(node: ast.expr) -> tuple[str, str]:
    """Return the decorator's last name and the parameter it names, when that is a text."""
    call = node if isinstance(node, ast.Call) else None
    function = call.func if call else node
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    given = [k.value for k in call.keywords if k.arg == "param_name"] if call else []
    first = [*given, *(call.args if call else [])][:1]
    argument = first[0].value if first and isinstance(first[0], ast.Constant) else ""
    return name, argument if isinstance(argument, str) else ""


def _top(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the statements that run when the script is loaded, those under an `if` or `try` too."""
    for node in ast.iter_child_nodes(tree):
        yield node
        if isinstance(node, ast.If | ast.Try | ast.With | ast.For | ast.ExceptHandler):
            yield from _top(node)


def _assigned(tree: ast.Module) -> set[str]:
    """Return the names that are imported or assigned at the top; `*` for an import of all."""
    names = set()
    for node in _top(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            inner = [name for target in targets for name in ast.walk(target)]
            names |= {name.id for name in inner if isinstance(name, ast.Name)}
    return names


CHECK = Check(
    check_entry,
    (
        NO_SOURCE, NO_SCRIPT, OUTSIDE, NAME, SYNTAX, NO_INIT, NO_RUN, INIT_PARAMETERS,
        RUN_PARAMETERS, ASYNC, DECORATORS, SCHEMA_PARAMETER, CLASS,
    ),
)  # fmt: skip
