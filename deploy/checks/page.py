"""The page that lists every finding: `python -m deploy.checks.page > docs/checks.md`."""

from __future__ import annotations

from deploy.checks.run import all_rules

HEAD = """# What `check` finds

Made from the checks themselves: `python -m deploy.checks.page > docs/checks.md`.

A **fault** is what will certainly fail on the target, and stops `up`. A **warning** may well be
one; a **notice** is for information. `--json` gives the id of every finding.

A finding that is none in your project is waived by its id, with a reason. It is still shown:

```bash
python -m deploy check --target local --waive 'answer.different=rounded for the shop'
```

```yaml
# inference_config.yml, for everybody who works on the project
waive:
  answer.different: rounded for the shop
demand: [power-bi, private]   # these count as faults here; like --power-bi and --private
```

The sample is what `--sample` names (a JSON file, a picture, `FIELD=@FILE` for a form,
`GET?QUERY`), the example in the script's own Swagger, or `sample.json` beside the script.
Without any, the script is started and no request is tried. `--expect FILE` names the answer
that has to come.

The script runs with the packages of env.yml and no others. Where all of them are installed here,
the rest is hidden from import; else they are installed once, with uv, into the cache folder of
the user. `--no-install` installs nothing.

| id | level | what it says | example | what to do |
|---|---|---|---|---|
"""


def page() -> str:
    """Return the page as Markdown."""
    rows = [
        f"| `{rule.id}` | {rule.level.value} | {rule.means} | {_cell(rule.example)} | {rule.fix} |"
        for rule in all_rules().values()
    ]
    return HEAD + "\n".join(rows) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    print(page(), end="")
