"""Does what the first cell of the first table says; good, bad and rude."""

import datetime
import decimal
import os
import socket
import subprocess
import sys
import time

import joblib
import numpy as np
import pandas as pd
from PIL import Image

CALLS = []


def echo(one, two):
    return one.drop(columns="do")


def divide(one, two):
    return 1 / 0


def leave(one, two):
    """Leave everything behind that a script can."""
    CALLS.append("leave")
    np.left_behind = True
    with open("left.txt", "w") as file:
        file.write("x")
    os.mkdir("locked", 0o000)
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(600)"],
        start_new_session=True,
    )
    return look(one, two)


def look(one, two):
    """Tell what is there."""
    files = sorted(os.listdir("."))
    return pd.DataFrame(
        {"files": [",".join(files)], "calls": [len(CALLS)], "module": [hasattr(np, "left_behind")]}
    )


def eat(one, two):
    return pd.DataFrame({"a": np.ones(8 * 2**27)})


def loop(one, two):
    while True:
        pass


def sleep(one, two):
    time.sleep(600)


def parse(one, two):
    return pd.DataFrame({"a": [eval("1 +")]})


def talk(one, two):
    print("é" * 2000)
    os.write(2, b"raw\n")
    return pd.DataFrame()


def paint(one, two):
    Image.new("RGB", (30, 20), "red").save("b.png")
    Image.new("RGB", (50, 10), "blue").save("a.PNG", "PNG")
    with open("c.png", "wb") as file:
        file.write(b"GIF89a")
    os.mkdir("deeper")
    Image.new("RGB", (5, 5)).save("deeper/d.png")
    return pd.DataFrame({"painted": [2]})


def paint_much(one, two):
    for i in range(4):
        Image.new("RGB", (5, 5)).save("%d.png" % i)
    return pd.DataFrame()


def paint_large(one, two):
    Image.new("RGB", (300, 300)).save("large.png")
    return pd.DataFrame()


def parallel(one, two):
    """Work in processes of joblib's, as scikit-learn does for n_jobs=2."""
    calls = [joblib.delayed(abs)(-i) for i in range(3)]
    return pd.DataFrame({"a": joblib.Parallel(n_jobs=2)(calls)})


def fork(one, two):
    """Forget that the child comes back from here, too."""
    os.fork()
    return pd.DataFrame({"a": [1]})


def connect(one, two):
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=1).close()
    return pd.DataFrame({"connected": [True]})


def values(one, two):
    return pd.DataFrame(
        {
            "float": [0.1 + 0.2, float("inf")],
            "int": [1, 2**40],
            "bool": [True, False],
            "text": ["007", None],
            "when": [pd.Timestamp("2010-05-30T18:07:00"), pd.NaT],
            "span": [pd.Timedelta("1 days 02:03:04.5"), pd.Timedelta("-1 hours")],
            "kind": pd.Categorical([3, 4]),
            "bytes": [b"ab", b""],
            "exact": [decimal.Decimal("1.10"), datetime.date(2010, 5, 30)],
        },
        index=["x", "y"],
    )


ACTIONS = {
    "abort": lambda one, two: os.abort(),
    "array": lambda one, two: np.array([one]),
    "complex": lambda one, two: pd.DataFrame({"a": [1], "z": [1j]}),
    "connect": connect,
    "divide": divide,
    "eat": eat,
    "echo": echo,
    "exit": lambda one, two: sys.exit(3),
    "exit hard": lambda one, two: os._exit(3),
    "fork": fork,
    "leave": leave,
    "list": lambda one, two: [echo(one, two)],
    "look": look,
    "loop": loop,
    "none": lambda one, two: None,
    "paint": paint,
    "paint large": paint_large,
    "paint much": paint_much,
    "parallel": parallel,
    "parse": parse,
    "random": lambda one, two: pd.DataFrame({"a": np.random.rand(1)}),
    "series": lambda one, two: one["do"],
    "sleep": sleep,
    "talk": talk,
    "two": lambda one, two: (echo(one, two), two),
    "empty tuple": lambda one, two: (),
    "twice": lambda one, two: pd.DataFrame([[1, 2, 3]], columns=["a", "a", "a"]),
    "values": values,
}


def azureml_main(dataframe1=None, dataframe2=None):
    if dataframe1 is None:
        return pd.DataFrame({"first": [False], "second": [len(dataframe2)]})
    return ACTIONS[dataframe1["do"].iloc[0]](dataframe1, dataframe2)
