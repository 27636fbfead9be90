"""The sample is sent, and its answer judged."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from deploy.checks.context import Check, Context, Live
from deploy.checks.live import fix_for, missing_module
from deploy.findings import Finding, Level, Rule
from deploy.servers.log import relevant_lines
from deploy.smoke.compare import differences
from deploy.smoke.expected import own_predictions, read_again
from deploy.smoke.run import fails
from deploy.smoke.sample import Sample
from deploy.smoke.verdict import Outcome, expected_answer, judge, promise_of

NOT_TRIED = Rule(
    "answer.not-tried",
    Level.NOTICE,
    "Nobody said what the script takes: it was started, and no request was tried.",
    "an undecorated script without `--sample`",
    "Give --sample FILE, or lay sample.json beside the script.",
)
FAILED = Rule(
    "answer.failed",
    Level.FAULT,
    "The sample was not answered with 200.",
    "`import lightgbm` in run() without lightgbm in env.yml",
    "Make entry script and sample fit: --sample FILE.",
)
SAYS_ERROR = Rule(
    "answer.says-error",
    Level.WARNING,
    "The answer is an error, told with 200. A fault where you chose the sample yourself.",
    "`except Exception as error: return {'error': str(error)}`",
    "Mend what failed, and let errors be raised: then a caller sees them.",
)
DIFFERENT = Rule(
    "answer.different",
    Level.WARNING,
    "The answer is not what the model itself predicts. A fault where the script declares "
    "`UNCHANGED = True`.",
    "rows sorted, values rounded or names given in run()",
    "Look at run(): it changes rows or predictions. Where it means to, nothing is to be done.",
)
UNEXPECTED = Rule(
    "answer.unexpected",
    Level.FAULT,
    "The answer is not the one that `--expect` names.",
    "`--expect answer.json` after a change of the model",
    "Look at both answers; record the new one if it is right.",
)
NOT_COMPARED = Rule(
    "answer.not-compared",
    Level.NOTICE,
    "The answer could not be held against the model's own prediction, and why.",
    "a script that makes the model's features itself",
    "Look at the answer yourself, or give --expect FILE.",
)
TRUNCATED = Rule(
    "answer.truncated",
    Level.WARNING,
    "The script's sample has whole numbers, so fractions that arrive are cut off.",
    "`NumpyParameterType(np.array([[1, 2]]))` for a model of fractions",
    "Write the sample with a decimal point: 1.0 instead of 1.",
)


def check_answer(context: Context) -> Iterator[Finding]:
    """Send the sample and yield what is wrong with its answer."""
    live, entry = context.live, context.entry
    if live is None:
        return
    sample = live.sample
    if sample is None:
        yield NOT_TRIED.at(entry, "It starts. No request was tried: nobody gave one.")
        return
    expected = own_predictions(context.plan.models, sample.body)
    promise = promise_of(entry, expected, expected_answer(context.options.expect))
    answer = sample.send(live.server.score_url)
    verdict = judge(answer, promise)
    fault = Level.FAULT if fails(verdict, promise, sample) else None
    sent = f"Sent ({sample.origin}): {sample}."
    if verdict.outcome is Outcome.FAILED:
        log = relevant_lines(live.server.log()) if answer.status_code >= 500 else ""
        problem = f"The sample was {verdict.text} {sent}"
        yield FAILED.at(entry, f"{problem}\n{log}".rstrip(), fix_for(missing_module(log)))
    elif verdict.outcome is Outcome.SAYS_ERROR:
        yield SAYS_ERROR.at(entry, f"The sample was {verdict.text} {sent}", "", fault)
    elif verdict.outcome is Outcome.DIFFERENT:
        yield DIFFERENT.at(entry, f"Another answer: {verdict.text}. {sent}", "", fault)
    elif verdict.outcome is Outcome.UNEXPECTED:
        yield UNEXPECTED.at(entry, f"The sample's answer is {verdict.text}. {sent}")
    elif verdict.outcome is Outcome.NOT_COMPARED:
        text = f"The sample's answer {answer.text[:100]!r} was {verdict.text}."
        yield NOT_COMPARED.at(entry, text)
    if answer.ok and verdict.outcome is not Outcome.SAYS_ERROR:
        yield from _check_fractions(context, live, sample, answer.json)


def _check_fractions(context: Context, live: Live, sample: Sample, read: Any) -> Iterator[Finding]:
    """Send the sample once more with fractions, where its schema has whole numbers in a table.

    A service that cuts them off answers as before; the model itself does not.
    """
    definitions = (live.swagger or {}).get("definitions", {})
    taken = definitions.get("ServiceInput", {})
    if not _has_integers(taken, in_list=False):
        return
    moved = copy.deepcopy(sample.body)
    if not _move(moved):
        return
    ours = own_predictions(context.plan.models, moved)
    before = own_predictions(context.plan.models, sample.body)
    if not ours.values or not before.values or not differences(ours.values, before.values):
        return
    again = Sample(moved, "the sample with fractions").send(live.server.score_url)
    if again.ok and not differences(read_again(read()), read_again(again.json())):
        problem = (
            f"Fractions are cut off: for {str(moved)[:100]} the model itself predicts "
            f"{ours.values[:3]}, the service answers {again.text[:100]}."
        )
        yield TRUNCATED.at(context.entry, problem)


def _has_integers(schema: Any, *, in_list: bool) -> bool:
    if not isinstance(schema, dict):
        return False
    if schema.get("type") == "integer":
        return in_list
    inside = [(inner, in_list) for inner in schema.get("properties", {}).values()]
    inside.append((schema.get("items"), True))
    return any(_has_integers(inner, in_list=listed) for inner, listed in inside)


def _move(value: Any) -> bool:
    """Add a half to every whole number in the lists of a JSON value; tell whether there was one."""
    pairs: Any = value.items() if isinstance(value, dict) else (
        enumerate(value) if isinstance(value, list) else ())  # fmt: skip
    moved = False
    for key, inner in list(pairs):
        if isinstance(inner, int) and not isinstance(inner, bool):
            value[key] = inner + 0.5
            moved = True
        else:
            moved |= _move(inner)
    return moved


CHECK = Check(
    check_answer,
    (NOT_TRIED, FAILED, SAYS_ERROR, DIFFERENT, UNEXPECTED, NOT_COMPARED, TRUNCATED),
    live=True,
)
