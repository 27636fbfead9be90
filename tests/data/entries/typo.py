"""An entry script with a misspelt name at the top level."""

import numpyy


def init():
    pass


def run(raw_data):
    return numpyy.array(raw_data)
