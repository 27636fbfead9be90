"""A raw-HTTP entry script, with the old package's names: it answers what it was asked."""

import ctypes

from azureml.contrib.services.aml_request import rawhttp
from azureml.contrib.services.aml_response import AMLResponse
from flask import Response


def init():
    pass


def pieces():
    yield b"one,"
    yield b""
    yield b"two"


def fails():
    yield b"one,"
    raise ValueError("secret-detail")


@rawhttp
def run(request):
    wish = request.args.get("do", "echo")
    if wish == "stream":
        return Response(pieces(), mimetype="text/plain")
    if wish == "break":
        return Response(fails(), mimetype="text/plain")
    if wish == "status":
        return AMLResponse("as asked", int(request.args["code"]), {"X-Own": "a,b"})
    if wish == "hold":
        # C code that never gives Python's lock back: usleep through PyDLL.
        ctypes.PyDLL(None).usleep(int(request.args["microseconds"]))
        return {"held": True}
    if wish == "whole":
        return AMLResponse(request.get_data(), 200)
    body = request.get_data(as_text=True)
    return {"method": request.method, "query": request.args.to_dict(), "body": body}
