"""What the script of this example imports from its bundle."""

from pathlib import Path

import pandas as pd

#: Beside this module, wherever the bundle was unpacked.
NAMES = Path(__file__).with_name("region_names.csv")


def named(codes):
    """Return the names of a column of region codes; unknown codes have none."""
    names = pd.read_csv(NAMES, dtype=str).set_index("code")["name"]
    return codes.map(names)
