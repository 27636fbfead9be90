"""What the running service publishes about itself: nothing private, and usable by Power BI."""

from __future__ import annotations

from collections.abc import Iterator

from deploy.checks.context import Check, Context
from deploy.checks.power_bi import power_bi_problems, uses_power_bi_names
from deploy.checks.privacy import Undeclared, private_published, synthetic_fields
from deploy.findings import Finding, Level, Rule

NO_SWAGGER = Rule(
    "swagger.none",
    Level.WARNING,
    "The server could not describe the service; it scores all the same.",
    "a sample that is no JSON",
    "Give the decorators of run() samples of plain values.",
)
NOT_BY_HAND = Rule(
    "swagger.not-published",
    Level.NOTICE,
    "In the v1 layout the server cannot publish a raw door's own description.",
    "the image door with `--layout v1`",
    "Nothing, or --layout v2.",
)
PRIVATE = Rule(
    "published.private",
    Level.WARNING,
    "The description, which anyone may read, has what looks like a person's name or address. "
    "A fault with `--private`.",
    "a sample row with `somebody@example.org`",
    "Use an invented value, and name the field in SYNTHETIC of the entry script.",
)
UNDECLARED = Rule(
    "published.synthetic",
    Level.WARNING,
    "SYNTHETIC is read without running the script, so the names have to be written there.",
    "`SYNTHETIC = tuple(NAMES)`",
    'Write the names of the fields, as in SYNTHETIC = ("customer",).',
)
POWER_BI = Rule(
    "power-bi.unusable",
    Level.WARNING,
    "Power BI's built-in integration cannot use the service. A fault with `--power-bi`; a notice "
    "where the script does not have its names.",
    "`data` for `Inputs`",
    "Follow score/score.py: Inputs, GlobalParameters, Results, plain columns.",
)


def check_published(context: Context) -> Iterator[Finding]:
    """Yield what is wrong with the service's description."""
    yield from context.unpublished
    if context.live is None:
        return
    if context.live.swagger is None:
        yield NO_SWAGGER.at(context.entry, "Its Swagger cannot be built.")
        return
    yield from _privacy(context, context.live.swagger)
    yield from _power_bi(context, context.live.swagger)


def _privacy(context: Context, document: dict[str, object]) -> Iterator[Finding]:
    entry = context.entry
    level = Level.FAULT if context.options.private else Level.WARNING
    try:
        found = private_published(document, synthetic_fields(entry))
    except Undeclared as error:
        problem = "It does not say which fields are invented."
        yield UNDECLARED.at(entry, problem, str(error), level)
        return
    for sentence in found:
        yield PRIVATE.at(entry, "A published value may be private.", sentence, level)


def _power_bi(context: Context, document: dict[str, object]) -> Iterator[Finding]:
    problems = power_bi_problems(document)
    wanted = context.options.power_bi
    if not uses_power_bi_names(document) and not wanted:
        if problems:
            text = f"Power BI cannot use it: {problems[0]}."
            fix = "Nothing to do, unless Power BI is to use it."
            yield POWER_BI.at(context.entry, text, fix, Level.NOTICE)
        return
    level = Level.FAULT if wanted else Level.WARNING
    for problem in problems:
        yield POWER_BI.at(context.entry, f"Power BI cannot use it: {problem}.", "", level)


CHECK = Check(check_published, (NO_SWAGGER, NOT_BY_HAND, PRIVATE, UNDECLARED, POWER_BI), live=True)
