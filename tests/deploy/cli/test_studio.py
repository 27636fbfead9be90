"""`python -m deploy studio`, as a user types it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.cli import app

ROOT = Path(__file__).resolve().parents[3]
EXAMPLES = ROOT / "examples" / "studio"


def studio(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "deploy", "studio", *map(str, arguments)],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_it_prints_the_table_the_console_and_writes_the_pictures(tmp_path: Path) -> None:
    """As "run selected" did in Studio; a CSV is read as the service reads strings."""
    script, data = tmp_path / "any_name.py", tmp_path / "data.txt"
    script.write_text(
        "from PIL import Image\n\n\n"
        "def azureml_main(dataframe1):\n"
        "    print('hello from the script')\n"
        "    Image.new('RGB', (3, 2)).save('x.png')\n"
        "    return dataframe1[dataframe1['n'] > 1]\n"
    )
    data.write_text("\ufeffcode,n\n007,1\n010,2\n")
    done = studio(script, "--data", data, "--out", tmp_path / "pictures")
    assert done.returncode == 0, done.stderr
    assert "hello from the script" in done.stdout
    assert "010" in done.stdout
    assert "007" not in done.stdout
    assert (tmp_path / "pictures" / "1.png").read_bytes().startswith(b"\x89PNG")


def test_two_tables_and_a_bundle(tmp_path: Path) -> None:
    """`--data2` and `--bundle`, wherever they lie."""
    script = Path(shutil.copy(EXAMPLES / "join" / "script.py", tmp_path))
    (tmp_path / "orders.csv").write_text("product,region,count\nbolt,01,10\n")
    (tmp_path / "prices.json").write_text('[{"product": "bolt", "price": 0.5}]')
    bundle = EXAMPLES / "join" / "bundle.zip"
    data = ["--data", tmp_path / "orders.csv", "--data2", tmp_path / "prices.json"]
    mixed = studio(script, *data, "--bundle", bundle, "--json")
    assert mixed.returncode == 1
    assert "One input is a table and one a list" in mixed.stderr
    (tmp_path / "prices.csv").write_text("product,price\nbolt,0.5\n")
    data[-1] = tmp_path / "prices.csv"
    done = studio(script, *data, "--bundle", bundle, "--json")
    assert done.returncode == 0, done.stderr
    value = json.loads(done.stdout)["result"]["Results"]["output1"]["value"]
    assert value["Values"] == [["North", "5"]]


def test_fix_rewrites_the_script(tmp_path: Path) -> None:
    """And says what is left to do by hand; without --data it says whether it is served."""
    script = tmp_path / "script.py"
    script.write_text(
        "import numpy as np\n"
        "def azureml_main(dataframe1):\n"
        "    print dataframe1.as_matrix().astype(np.float)\n"
        "    return dataframe1.ix[0:1]\n"
    )
    before = studio(script)
    assert before.returncode == 1
    assert "script.py:3: Missing parentheses" in before.stderr
    after = studio(script, "--fix")
    assert after.returncode == 0, after.stderr
    assert f"{script}:4: .ix is gone" in after.stderr
    assert "print(dataframe1.to_numpy().astype(float))" in script.read_text()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["no.py"], 2, "There is no script no.py"),
        (["good.py", "--data", "no.csv"], 2, "no.csv"),
        (["good.py", "--data", "empty.csv"], 2, "is empty"),
        (["good.py", "--data", "bad.json"], 2, "is not JSON"),
        (["good.py", "--data", "short.csv"], 1, "Values[0] has 1 cells"),
        (["good.py", "--data2", "short.csv"], 2, "name the first with --data"),
        (["good.py", "--bundle", "no.zip"], 2, "There is no bundle no.zip"),
        (["good.py", "--bundle", "bad.json"], 1, "no zip"),
        (["bad.json"], 2, "is no Python"),
    ],
)
def test_mistakes_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: int, said: str
) -> None:
    """With an exit code, and without a traceback."""
    (tmp_path / "good.py").write_text("def azureml_main(a):\n    return a\n")
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "bad.json").write_text("{")
    (tmp_path / "short.csv").write_text("a,b\n1\n")
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["studio", *arguments])
    assert (done.exit_code, done.stdout) == (code, "")
    assert said in done.stderr.replace("\n", " ")
    assert "Traceback" not in done.stderr
