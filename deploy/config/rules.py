"""What can be wrong with the files that the operator writes, each kind under its stable id."""

from __future__ import annotations

from deploy.findings import Level, Rule

NO_FILE = Rule(
    "config.no-file",
    Level.FAULT,
    "A configuration file that is named is not there.",
    "`--config inference.yml` where the file is called inference_config.yml",
    "Name a file that is there.",
)
NOT_YAML = Rule(
    "config.not-yaml",
    Level.FAULT,
    "The file is not YAML, or gives a key twice, of which only one could count.",
    "`runtime: python` on two lines",
    "Mend that line.",
)
V2_FILE = Rule(
    "config.v2-file",
    Level.FAULT,
    "The file is for Azure ML's CLI v2, which has other keys.",
    "`$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json`",
    "Give it to the command that takes it, or name a v1 file.",
)
UNKNOWN_KEY = Rule(
    "config.unknown-key",
    Level.FAULT,
    "A key that Azure ML does not know has no effect, so what it asks for does not happen.",
    "`enableAppInsights: true` for `appInsightsEnabled`",
    "Correct the key.",
)
MISSING_KEY = Rule(
    "config.missing-key",
    Level.FAULT,
    "A key that is needed is not given, or without a value.",
    "no `entryScript:`",
    "Add the key.",
)
VALUE = Rule(
    "config.value",
    Level.FAULT,
    "A value is of the wrong kind or out of the range that Azure takes.",
    "`memoryInGB: 64` on ACI, which has 16",
    "Correct the value.",
)
CONTRADICTION = Rule(
    "config.contradiction",
    Level.FAULT,
    "Two keys exclude each other, or one needs another that is not given.",
    "`enableGpu: true` beside `baseImage:`",
    "Keep one of them.",
)
NO_EFFECT = Rule(
    "config.no-effect",
    Level.WARNING,
    "Azure ML does nothing with this key any more.",
    "`schemaFile: schema.json`",
    "Remove it.",
)
SECRET = Rule(
    "config.secret",
    Level.WARNING,
    "A password or key stands in a file that is likely to be committed.",
    "`baseImageRegistry: {password: ...}`",
    "Let an identity do it, or let Azure make the keys.",
)
ENV_DEPENDENCIES = Rule(
    "env.no-dependencies",
    Level.FAULT,
    "The conda file lists nothing to install.",
    "a file with `name:` alone",
    "Add `dependencies:`.",
)
ENV_KEY = Rule(
    "env.unknown-key",
    Level.WARNING,
    "conda passes over a key it does not know.",
    "`chanels:`",
    "Correct the key.",
)
ENV_NO_SERVER = Rule(
    "env.no-server",
    Level.FAULT,
    "Without Azure's server nothing answers in the container.",
    "a pip list without azureml-defaults",
    "Add azureml-defaults, or azureml-inference-server-http where the target takes it.",
)
ENV_UNREADABLE = Rule(
    "env.unreadable-line",
    Level.FAULT,
    "pip cannot read this line, so the image will not build.",
    "`- joblib=1.5.3` in the pip list",
    "Write `name==1.2.3`.",
)
ENV_NO_REQUIREMENTS = Rule(
    "env.no-requirements-file",
    Level.FAULT,
    "The pip list names a requirements file that is not there.",
    "`- -r requirements.txt` without that file beside env.yml",
    "Add the file, or list its packages.",
)
ENV_TWICE = Rule(
    "env.twice",
    Level.FAULT,
    "A package is asked for in two versions that exclude each other.",
    "`joblib==1.5.3` and `joblib==1.4.2`",
    "Keep one of the lines.",
)
ENV_RANGE = Rule(
    "env.no-exact-version",
    Level.WARNING,
    "Without an exact version the image of tomorrow is another one than today's.",
    "`- scikit-learn>=1.5`",
    "Write `name==<version>`.",
)
ENV_NO_PYTHON = Rule(
    "env.no-python",
    Level.WARNING,
    "Without a version of Python Azure chooses one.",
    "no `- python=3.11`",
    "Add `- python=3.11`.",
)
ENV_OLD_PYTHON = Rule(
    "env.python",
    Level.FAULT,
    "Azure's server and the packages here do not run on this Python.",
    "`- python=3.7`",
    "Use 3.10, 3.11 or 3.12.",
)

#: In the order of docs/checks.md.
RULES = (
    NO_FILE, NOT_YAML, V2_FILE, UNKNOWN_KEY, MISSING_KEY, VALUE, CONTRADICTION, NO_EFFECT, SECRET,
    ENV_DEPENDENCIES, ENV_KEY, ENV_NO_SERVER, ENV_UNREADABLE, ENV_NO_REQUIREMENTS, ENV_TWICE,
    ENV_RANGE, ENV_NO_PYTHON, ENV_OLD_PYTHON,
)  # fmt: skip
