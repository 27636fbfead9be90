"""The verb targets: what there is to choose from; its table stands in docs/deploy.md."""

from __future__ import annotations

from dataclasses import fields

from deploy.cli.app import app
from deploy.targets import TARGETS
from deploy.targets.base import Facts, Target


@app.command()
def targets() -> None:
    """Tell which targets there are, what each is for and costs, as a Markdown table."""
    print(table())


def table() -> str:
    """Return the table in Markdown: a column for each target, a row for each fact."""
    kinds = list(TARGETS.values())
    names = [field.name for field in fields(Facts)]
    rows = [
        ["", *(f"`{kind.name}`" for kind in kinds)],
        ["---"] * (len(kinds) + 1),
        *([name.replace("_", " "), *(getattr(k.facts, name) for k in kinds)] for name in names),
        ["configuration", *map(_file, kinds)],
        ["model without code (`--no-code`)", *("yes" if k.no_code else "-" for k in kinds)],
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _file(kind: type[Target]) -> str:
    return f"`{kind.config_file}`" if kind.config_file else "`inference_config.yml`"
