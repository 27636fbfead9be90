"""`check`: every fault is found before anything is sent, with its file and its fix."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml

from deploy.smoke.sample import CONTRACT
from tests.deploy.conftest import Project, run

ENTRY = "score/score.py"
INFERENCE = "inference_config.yml"
RUN = """
def init():
    pass

"""
DOOR = """
import os
from inference_schema.parameter_types.standard_py_parameter_type import StandardPythonParameterType
from inference_schema.schema_decorators import input_schema, output_schema
import joblib, pandas as pd

def init():
    global model
    model = joblib.load(os.environ["AZUREML_MODEL_DIR"] + "/1/model.joblib")

@input_schema("Inputs", StandardPythonParameterType({"data": [{"bmi": 0.1}]}))
@output_schema(StandardPythonParameterType({"Results": [206.1]}))
def run(Inputs):
    return {"Results": model.predict(pd.DataFrame(Inputs["data"])).tolist()}
"""
GOOD = RUN + "def run(raw_data):\n    return raw_data\n"


@dataclass(frozen=True)
class Planted:
    """A fault: how it is planted, and what the message must name."""

    id: str
    plant: Callable[[Project], None]
    where: str
    fix: str
    options: tuple[str, ...] = field(default=())
    target: str = "local"


def write(name: str, content: str | bytes) -> Callable[[Project], None]:
    return lambda project: project.write(name, content)


def edit(name: str, old: str, new: str) -> Callable[[Project], None]:
    return lambda project: project.edit(name, old, new)


def remove(name: str) -> Callable[[Project], None]:
    return lambda project: project.remove(name)


def both(*plants: Callable[[Project], None]) -> Callable[[Project], None]:
    def plant(project: Project) -> None:
        for one in plants:
            one(project)

    return plant


def nothing(_: Project) -> None:
    return None


def setting(name: str, **keys: object) -> Callable[[Project], None]:
    """Set keys of a YAML file; None removes one."""

    def plant(project: Project) -> None:
        path = project.root / name
        document = yaml.safe_load(path.read_text()) | keys
        kept = {key: value for key, value in document.items() if value is not None}
        path.write_text(yaml.safe_dump(kept))

    return plant


def entry(name: str, content: str) -> Callable[[Project], None]:
    def plant(project: Project) -> None:
        project.write(f"score/{name}", content)
        project.edit(INFERENCE, "entryScript: score.py", f"entryScript: {name}")

    return plant


def link_out(project: Project) -> None:
    project.write("secret.txt", "x")
    (project.root / "score" / "secret.txt").symlink_to(project.root / "secret.txt")


def outside(project: Project) -> None:
    (project.root / "models").rename(project.root.parent / "models")


def huge_model(project: Project) -> None:
    with (project.root / "models/diabetes/1/model.joblib").open("r+b") as file:
        file.truncate(1_100_000_000)  # sparse: it takes no room


ACI, AKS = "deploy/aci.yml", "deploy/aks.yml"
ENTRY_FAULTS = [
    Planted("entry missing", remove(ENTRY), ENTRY, "raw_json.py"),
    Planted("entry outside", both(write("other.py", GOOD),
            edit(INFERENCE, "entryScript: score.py", "entryScript: ../other.py")),
            "other.py", "sourceDirectory"),
    Planted("source missing", edit(INFERENCE, "sourceDirectory: score", "sourceDirectory: scor"),
            "scor", "sourceDirectory"),
    Planted("not an identifier", entry("my-score.py", GOOD), "score/my-score.py", "Rename"),
    Planted("main.py", entry("main.py", GOOD), "score/main.py", "Rename"),
    Planted("syntax", edit(ENTRY, "def init()", "def init("), f"{ENTRY}:", "Mend that line"),
    Planted("not text", write(ENTRY, b"\xff\xfe\x00d"), ENTRY, "UTF-8"),
    Planted("no init", edit(ENTRY, "def init()", "def start()"), ENTRY, "def init("),
    Planted("no run", edit(ENTRY, "def run(", "def walk("), ENTRY, "def run("),
    Planted("init parameters", edit(ENTRY, "def init()", "def init(x)"), ENTRY, "Write `init()`"),
    Planted("async run", entry("a.py", RUN + "async def run(raw_data):\n    return 1\n"),
            "score/a.py:5", "Remove `async`"),
    Planted("kwargs", entry("a.py", RUN + "def run(**data):\n    return 1\n"),
            "score/a.py:5", "named parameters"),
    Planted("positional only", entry("a.py", RUN + "def run(data, /):\n    return 1\n"),
            "score/a.py:5", "named parameters"),
    Planted("no parameter", entry("a.py", RUN + "def run():\n    return 1\n"),
            "score/a.py:5", "named parameters"),
    Planted("rawhttp and schema", edit(ENTRY, "@endpoint\n", "@endpoint\n@rawhttp\n"), ENTRY,
            "Keep one"),
    Planted("endpoint inside", both(edit(ENTRY, "@endpoint\n", ""),
            edit(ENTRY, "def run(", "@endpoint\ndef run(")), ENTRY, "above all other"),
    Planted("schema parameter", edit(ENTRY, '@input_schema("Inputs"', '@input_schema("inputs"'),
            ENTRY, "Inputs"),
]  # fmt: skip
PACKAGE_FAULTS = [
    Planted("import unknown", write("score/scoring/new.py", "import torch\n"),
            "score/scoring/new.py:1", "Add torch"),
    Planted("imports own folder", write("score/scoring/new.py", "from score.scoring import log\n"),
            "score/scoring/new.py:1", "Leave out `score.`"),
    Planted("module hidden", both(write("score/json.py", "x = 1\n"),
            edit(ENTRY, "import os\n", "import os\nimport json\n")),
            "score/json.py", "Rename"),
    Planted("module syntax", write("score/scoring/new.py", "def f(:\n"), "score/scoring/new.py:1",
            "Mend that line"),
    Planted("no env.yml", remove("env.yml"), "env.yml", "Found there"),
    Planted("env.yml no YAML", write("env.yml", "a: [1\n"), "env.yml:", "Mend that line"),
    Planted("no azureml-defaults", edit("env.yml", "      - azureml-defaults==1.62.0\n", ""),
            "env.yml", "Add azureml-defaults"),
    Planted("lock is stale", edit("env.yml", "joblib==1.5.3", "joblib==1.5.2"), "env.yml",
            "make lock"),
    Planted("pins conflict", edit("env.yml", "numpy==2.2.6", "numpy==1.0.0"), "env.yml",
            "Choose a version of numpy"),
    Planted("unreadable pin", edit("env.yml", "joblib==1.5.3", "joblib=1.5.3"), "env.yml",
            "name==1.2.3"),
    Planted("pin twice", edit("env.yml", "joblib==1.5.3", "joblib==1.5.3\n      - joblib==1.5.2"),
            "env.yml", "Keep one"),
    Planted("python version", edit("env.yml", "python=3.11", "python=3.7"), "env.yml", "3.12"),
    Planted("conda packages", edit("env.yml", "  - pip\n", "  - pip\n  - libgomp\n"), "env.yml",
            "Move them to the pip list", target="container"),
    Planted("environment in a container", setting(INFERENCE, condaFile=None, runtime=None,
            environment={"name": "e"}), INFERENCE, "Give condaFile", target="container"),
]  # fmt: skip
FILE_FAULTS = [
    Planted(".env", write("score/.env", "KEY=1"), "score/.env", ".amlignore"),
    Planted("key file", write("score/tls.pem", "x"), "score/tls.pem", ".amlignore"),
    Planted("private key", write("score/scoring/k.py",
            "K = '''-----BEGIN " + "PRIVATE KEY-----'''\n"), "score/scoring/k.py:1", "Remove it"),
    Planted("link outside", link_out, "score/secret.txt", "Copy the file"),
]  # fmt: skip
MODEL_FAULTS = [
    Planted("no model", remove("models"), "models/diabetes/1", "Train it"),
    Planted("empty model", remove("models/diabetes/1/model.joblib"), "models/diabetes/1", "Train"),
    Planted("model outside", outside, "../models/diabetes/1", "Move it below",
            ("--model", "../models/diabetes/1"), target="aci"),
    Planted("manifest mismatch", write("models/diabetes/1/models.json",
            '{"models": [{"file": "model.joblib", "sha256": "00"}]}'),
            "models/diabetes/1/model.joblib", "Train the model again"),
    Planted("manifest of nothing", write("models/diabetes/1/models.json",
            '{"models": [{"file": "gone.joblib", "sha256": "00"}]}'),
            "models/diabetes/1/models.json", "Train the model again"),
    Planted("manifest broken", write("models/diabetes/1/models.json", "[]"),
            "models/diabetes/1/models.json", "Train the model again"),
    Planted("two of a name", nothing, "models/diabetes/1", "NAME=PATH",
            ("--model", "a=models/diabetes/1", "--model", "a=models/diabetes/1")),
    Planted("too large for ACI", huge_model, "models/diabetes/1", "aks", target="aci"),
]  # fmt: skip
CONFIG_FAULTS = [
    Planted("no configuration", remove(INFERENCE), INFERENCE, "Found there"),
    Planted("unknown key", setting(INFERENCE, entryscript="a.py"), INFERENCE, "entryScript?"),
    Planted("key missing", setting(INFERENCE, entryScript=None), INFERENCE, "Add `entryScript:`"),
    Planted("wrong type", setting(INFERENCE, sourceDirectory=[1]), "sourceDirectory", "a text"),
    Planted("key twice", edit(INFERENCE, "runtime:", "entryScript: a.py\nruntime:"),
            f"{INFERENCE}:", "Mend that line"),
    Planted("environment missing", setting(INFERENCE, condaFile=None), INFERENCE,
            "Add `condaFile:`"),
    Planted("environment twice", setting(INFERENCE, environment={"name": "e"}), INFERENCE,
            "Keep one"),
    Planted("docker steps", setting(INFERENCE, extraDockerfileSteps="d"), INFERENCE, "baseImage"),
    Planted("gpu and image", setting(INFERENCE, enableGpu=True, baseImage="x"), INFERENCE,
            "Keep one"),
    Planted("bad name", nothing, "--name", "lower-case", ("--name", "My_Service")),
    Planted("long name", nothing, "--name", "3 to 32", ("--name", "a" * 33),
            target="aci"),
    Planted("short name", nothing, "--name", "3 to 32", ("--name", "ab"),
            target="aci"),
    Planted("aci key", setting(ACI, cpuCores=1), ACI, "Known keys", target="aci"),
    Planted("aci memory", setting(ACI, containerResourceRequirements={"memoryInGB": 64}),
            "containerResourceRequirements.memoryInGB", "at most 16", target="aci"),
    Planted("aci type", setting(ACI, authEnabled="yes"), "authEnabled", "true or false",
            target="aci"),
    Planted("aci for aks", setting(ACI, computeType="aks"), "computeType", "aci", target="aci"),
    Planted("tls without files", setting(ACI, sslEnabled=True), ACI, "sslCertificate",
            target="aci"),
    Planted("tls file missing", setting(ACI, sslEnabled=True, sslCertificate="c.crt",
            sslKey="k.crt", cname="a.example.org"), f"{ACI}: sslCertificate", "Paths start at",
            target="aci"),
    Planted("half a network", setting(ACI, vnetName="v"), ACI, "all of them", target="aci"),
    Planted("aks key", edit(AKS, "targetUtilization", "targetUtilisation"), AKS,
            "targetUtilization?", target="aks"),
    Planted("replicas without scaling", edit(AKS, "autoscaleEnabled: true",
            "autoscaleEnabled: false"), f"{AKS}: autoScaler", "autoscaleEnabled", target="aks"),
    Planted("replicas both ways", setting(AKS, numReplicas=2), AKS, "Remove numReplicas",
            target="aks"),
    Planted("replicas swapped", edit(AKS, "minReplicas: 1", "minReplicas: 9"),
            f"{AKS}: autoScaler", "Swap them", target="aks"),
    Planted("key and token", setting(AKS, tokenAuthEnabled=True), AKS, "Choose one", target="aks"),
    Planted("timeout", setting(AKS, scoringTimeoutMs=400_000), "scoringTimeoutMs",
            "at most 300000", target="aks"),
    Planted("limit below request", setting(AKS, containerResourceRequirements={
            "cpu": 2, "cpuLimit": 1}), AKS, "Raise cpuLimit", target="aks"),
    Planted("namespace", setting(AKS, namespace="My_Space"), "namespace", "pattern", target="aks"),
]  # fmt: skip


def door(old: str, new: str) -> Callable[[Project], None]:
    assert old in DOOR
    return both(entry("door.py", DOOR.replace(old, new)), write("sample.json", SAMPLE))


def changed_door(old: str, new: str) -> Callable[[Project], None]:
    """A door that declares what it does not keep."""
    return both(entry("door.py", f"UNCHANGED = True\n{DOOR.replace(old, new)}"),
                write("sample.json", SAMPLE))  # fmt: skip


SAMPLE = (CONTRACT / "score" / "request.json").read_text()
OWN = ("--sample", "sample.json")
LIVE_FAULTS = [
    Planted("init fails", door("global model", "1 / 0"), "score/door.py", "ZeroDivisionError", OWN),
    Planted("sample refused", door('model.predict(', "model.predicted("), "score/door.py",
            "--sample", OWN),
    Planted("wrong answer", changed_door(".tolist()", ".tolist()[::-1] + [1]"), "score/door.py",
            "model itself predicts", OWN),
    Planted("private sample", door('{"bmi": 0.1}', '{"mail": "somebody@example.org"}'),
            "score/door.py", "SYNTHETIC", (*OWN, "--private")),
    Planted("power bi", door('{"Results": [206', '{"results": [206'), "score/door.py", "Results",
            (*OWN, "--power-bi")),
]  # fmt: skip
FAULTS = ENTRY_FAULTS + PACKAGE_FAULTS + FILE_FAULTS + MODEL_FAULTS + CONFIG_FAULTS + LIVE_FAULTS


@pytest.mark.parametrize("planted", FAULTS, ids=lambda planted: planted.id)
def test_each_fault_is_named_with_its_file_and_fix(project: Project, planted: Planted) -> None:
    """A planted fault ends `check` with 3 and one message with the file and the fix."""
    planted.plant(project)
    ended = run("check", "--target", planted.target, "--json", *planted.options)
    assert ended.code == 3, ended.err
    faults = [f for f in ended.document["findings"] if f["level"] == "fault"]
    told = [f"{f['problem']} {f['fix']}" for f in faults if planted.where in f["where"]]
    assert any(planted.fix in text for text in told), faults
    assert len(faults) <= 2, faults


@pytest.mark.parametrize("layout", ["v1", "v2"])
def test_the_project_itself_has_no_fault(project: Project, layout: str) -> None:
    """What this repository deploys passes, in both layouts, and every file is listed."""
    ended = run("check", "--target", "local", "--layout", layout, "--json")
    assert ended.code == 0, ended.err
    shipped = {str(f.relative_to(project.root / "score")) for f in Path("score").absolute()
               .rglob("*.py")}  # fmt: skip
    assert set(ended.document["files"]) == shipped
