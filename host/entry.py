"""The entry script, loaded and called by azmlinfsrv's own code.

One thing is mended: a body that Python's JSON parser cannot take (not UTF-8, nested thousands of
levels deep, an integer of more than 4 300 digits) is the client's fault and answered 400; under
azmlinfsrv it ends as "An unexpected internal error occurred".
"""

from __future__ import annotations

import itertools
import logging
import os
import sys
import traceback
from typing import Any

from azureml_inference_server_http.server.config import config
from azureml_inference_server_http.server.input_parsers import BadInput
from azureml_inference_server_http.server.user_script import UserScript, UserScriptError
from azureml_inference_server_http.server.utils import walk_path
from flask import Request

from host.json_input import quicker

logger = logging.getLogger("azmlinfsrv")

#: gunicorn ends the arbiter when a worker ends with this code: starting it again is no use.
BOOT_ERROR = 3

#: Of the model folder's tree, azmlinfsrv prints as many lines.
TREE_LINES = 200


class Unreadable:
    """An input parser of azmlinfsrv's that never fails by the client's fault but with 400.

    Args:
        parser: azmlinfsrv's.
    """

    def __init__(self, parser: Any) -> None:
        self.parser = quicker(parser)

    def __call__(self, request: Request) -> dict[str, Any]:
        """Return the arguments of `run()`.

        Raises:
            BadInput: the body cannot be read; answered 400.
        """
        try:
            parsed: dict[str, Any] = self.parser(request)
        except UnicodeDecodeError:
            raise BadInput("POST body is not UTF-8, as JSON has to be.") from None
        except RecursionError:
            raise BadInput("POST body is nested too deeply.") from None
        except ValueError:
            # json.JSONDecodeError is azmlinfsrv's own to answer and does not come here.
            raise BadInput("POST body has a number of too many digits.") from None
        return parsed


def load() -> UserScript:
    """Load the script and call `init()`, in azmlinfsrv's order and with its log lines.

    A script that cannot be served ends the process with code 3.
    """
    for folder in (config.app_root, config.source_dir and f"{config.app_root}/{config.source_dir}"):
        if folder:
            sys.path.append(str(folder))
    script = UserScript(config.entry_script)
    try:
        script.load_script(config.app_root)
    except UserScriptError:
        logger.error(traceback.format_exc())
        sys.exit(BOOT_ERROR)
    try:
        script.invoke_init()
    except UserScriptError:
        logger.error("User's init function failed")
        logger.error(f"Encountered Exception {traceback.format_exc()}")
        _show_models()
        sys.exit(BOOT_ERROR)
    script.input_parser = Unreadable(script.input_parser)
    return script


def _show_models() -> None:
    folder = config.azureml_model_dir
    if not folder or not os.path.exists(folder):  # noqa: PTH110 - a relative one is walked as it is
        return
    logger.info("Model Directory Contents:")
    for line in itertools.islice(walk_path(folder), TREE_LINES):
        logger.info(line)
