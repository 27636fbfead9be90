"""Serve an entry script: `python -m host --entry_script score/score.py --model_dir models/1`.

Flags, environment variables and config.json are azmlinfsrv's, read by its own code.
"""

from __future__ import annotations

import os
import sys

from azureml_inference_server_http import amlserver, constants
from azureml_inference_server_http.args import parse_arguments
from azureml_inference_server_http.log_config import load_logging_config

#: What env.yml does not have.
PACKAGES = ("httptools", "uvloop")


def main() -> None:
    """Read the settings as azmlinfsrv does, then serve until a signal ends it."""
    arguments = parse_arguments()
    try:
        from host.server import serve
    except ModuleNotFoundError as error:
        if error.name not in PACKAGES:
            raise
        lines = " ".join(f"'- {name}'" for name in PACKAGES)
        sys.exit(f"The host needs {error.name}. Add {lines} to the pip list of env.yml.")
    load_logging_config(constants.PACKAGE_ROOT)
    amlserver.merge_configuration(arguments)
    amlserver.validate_environment_variables()
    amlserver.set_path_variable()
    amlserver.print_server_settings()
    amlserver.print_routes()
    separate = os.environ.get(constants.ENV_SEPERATE_HEALTH_ENDPOINT) == "true"
    ports = [int(os.environ[constants.ENV_PORT])]
    if separate:
        ports.append(int(os.environ[constants.ENV_HEALTH_PORT]))
    sys.stdout.flush()
    serve(ports)


if __name__ == "__main__":
    main()
