"""The environment of a service that is started here to be tried: stated, not whatever is set.

In Azure the entry script finds none of the operator's variables. Here it must not either: an
entry script that reads AZURE_CLIENT_SECRET would work on this machine only, and has it.
"""

from __future__ import annotations

from collections.abc import Mapping

#: What a Python program needs of a machine.
MACHINE = frozenset(
    {"HOME", "JAVA_HOME", "LANG", "LANGUAGE", "LD_LIBRARY_PATH", "LOGNAME", "PATH", "TMPDIR", "TZ",
     "USER", "VIRTUAL_ENV"}
)  # fmt: skip

#: How the network is reached.
NETWORK = frozenset(
    {"CURL_CA_BUNDLE", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE",
     "SSL_CERT_DIR", "SSL_CERT_FILE"}
)  # fmt: skip

#: Settings of Azure's server, of this service, of Spark and of numeric libraries.
PREFIXES = ("AML_", "LC_", "MKL_", "OMP_", "OPENBLAS_", "OTEL_", "PYSPARK_", "PYTHON", "SCORING_",
            "SERVICE_", "SPARK_", "WORKER_")  # fmt: skip
SETTINGS = frozenset({"AZUREML_DEBUG_PORT", "AZUREML_LOG_LEVEL", "SEPERATE_HEALTH_ENDPOINT"})

#: Names further variables to hand on, with commas between them.
MORE = "DEPLOY_PASS_ENV"


def stated(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of `environ` that a service may see."""
    more = {name.strip() for name in environ.get(MORE, "").split(",")}
    exact = MACHINE | SETTINGS | more
    return {
        name: value
        for name, value in environ.items()
        if name in exact or name.upper() in NETWORK or name.startswith(PREFIXES)
    }
