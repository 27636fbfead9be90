"""An entry script whose init() raises."""


def init():
    raise RuntimeError("the licence server said no")


def run(raw_data):
    return raw_data
