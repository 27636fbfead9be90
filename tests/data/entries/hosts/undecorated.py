"""An entry script of the plainest form, with nothing of ours: it does what the request names."""

import json
import time


def init():
    pass


def run(raw_data, request_headers):
    wish = json.loads(raw_data)
    if wish["do"] == "raise":
        raise KeyError("secret-detail")
    if wish["do"] == "sleep":
        time.sleep(wish["seconds"])
    if wish["do"] == "nothing":
        return None
    if wish["do"] == "nan":
        return float("nan")
    if wish["do"] == "set":
        return {1}
    if wish["do"] == "header":
        return request_headers.get(wish["name"])
    return raw_data
