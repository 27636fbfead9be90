"""The command line's options: name, meaning and default of each, once."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from deploy.staging.layouts import Layout
from deploy.targets import TARGETS

#: What --target takes.
TargetName = Enum("TargetName", {name: name for name in TARGETS})  # type: ignore[misc]


class Framework(str, Enum):
    """Frameworks that Azure ML serves without an entry script, as SDK v1 calls them."""

    scikit_learn = "ScikitLearn"
    onnx = "Onnx"
    tensor_flow = "TensorFlow"


class KeyName(str, Enum):
    """The two keys of a service."""

    primary = "primary"
    secondary = "secondary"


#: The sample model of this repository, which `make serve` trains.
SAMPLE_MODEL = "models/diabetes/1"

#: Said where a service is open to the network.
EXPOSED = "Whoever reaches this machine can score: Azure's server asks for no key."

#: Doors with a sample model of their own, as in the Makefile.
SAMPLE_MODELS = {"image": "digits", "classifier": "iris", "spark_table": "diabetes_spark"}


def sample_model(entry: Path) -> Path:
    """Return the folder of the sample model of one of the project's doors."""
    return Path("models") / SAMPLE_MODELS.get(entry.stem, "diabetes") / "1"


PublicOption = Annotated[
    bool,
    typer.Option("--public", help="Let other machines score too; Azure's server asks for no key."),
]
ScriptOption = Annotated[Path, typer.Option("--entry", help="The entry script.")]
ModelDirOption = Annotated[
    Path | None,
    typer.Option("--model-dir", help="The model's folder; the door's sample model by default."),
]

TargetOption = Annotated[
    TargetName, typer.Option("--target", "-t", envvar="DEPLOY_TARGET", help="Where to.")
]
NameOption = Annotated[
    str,
    typer.Option(
        "--name",
        "-n",
        envvar="DEPLOY_NAME",
        help="The service's name; by default the first model's, or the only service there is.",
    ),
]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask; needs --name.")]
ModelOption = Annotated[
    list[str],
    typer.Option("--model", "-m", metavar="[NAME=]PATH", help="A model; may be repeated."),
]
ConfigOption = Annotated[
    Path, typer.Option("--config", help="What is uploaded, started and installed.")
]
DeploymentOption = Annotated[
    Path | None,
    typer.Option("--deployment", help="The target's configuration; deploy/TARGET.yml by default."),
]
EntryOption = Annotated[
    str, typer.Option("--entry", help="Another entry script than the configuration's.")
]
LayoutOption = Annotated[
    Layout | None,
    typer.Option("--layout", help="How the container is laid out; the target's by default."),
]
SampleOption = Annotated[
    Path | None,
    typer.Option(
        "--sample",
        help="The request to test with: a JSON file, a picture, FIELD=@FILE, or GET?QUERY.",
    ),
]
WaiveOption = Annotated[
    list[str],
    typer.Option(
        "--waive", metavar="ID[=REASON]", help="A finding that is no fault here; may be repeated."
    ),
]
ExpectOption = Annotated[
    Path | None, typer.Option("--expect", help="A JSON file: the answer the sample must get.")
]
PowerBiOption = Annotated[
    bool, typer.Option("--power-bi", help="A fault where Power BI could not use the service.")
]
PrivateOption = Annotated[
    bool, typer.Option("--private", help="A fault where what is published looks private.")
]
NoInstallOption = Annotated[
    bool,
    typer.Option(
        "--no-install",
        envvar="DEPLOY_NO_INSTALL",
        help="Install nothing: hide from import what env.yml does not bring.",
    ),
]
PortOption = Annotated[
    int, typer.Option("--port", help="Port on this machine; 0 picks a free one.")
]
NoCodeOption = Annotated[
    Framework | None,
    typer.Option("--no-code", help="Deploy the model alone; Azure brings the code for it."),
]
DryRunOption = Annotated[
    bool, typer.Option("--dry-run", help="Show what would be sent; send nothing.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]
FollowOption = Annotated[
    bool, typer.Option("--follow", "-f", help="Go on with what it says next, until Ctrl-C.")
]
RegenerateOption = Annotated[
    KeyName | None, typer.Option("--regenerate", help="Make this key anew first.")
]
