"""The routes and their headers, as azmlinfsrv has them, as a Flask app.

Better than azmlinfsrv: a 404 and a 405 carry the request ids, `Allow` and the CORS headers.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import time
import traceback
import uuid
from typing import Any

from azureml_inference_server_http.api.aml_response import AMLResponse
from azureml_inference_server_http.print_log_hook import set_print_logger_redirect
from azureml_inference_server_http.server.config import config
from azureml_inference_server_http.server.input_parsers import (
    BadInput,
    UnsupportedHTTPMethod,
    UnsupportedInput,
)
from azureml_inference_server_http.server.user_script import (
    UserScript,
    UserScriptException,
    UserScriptTimeout,
)
from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from host import entry
from host.insights import Insights, connect
from host.messages import ID_CHARACTERS

logger = logging.getLogger("azmlinfsrv")


def create() -> Flask:
    """Return the app, after the script's `init()`; a script that fails ends the process, code 3."""
    from azureml_inference_server_http.constants import SERVER_ROOT

    set_print_logger_redirect()
    insights = connect()
    script = entry.load()
    # Its module registers the builders of all versions; it also reads the script's own files.
    from azureml_inference_server_http.server.swagger import Swagger, SwaggerException

    swagger = Swagger(config.app_root, SERVER_ROOT, script)
    app = Flask("host")
    app.extensions["script"] = script
    _add_cors(app)
    _add_headers(app, insights)

    @app.get("/")
    def health() -> str:
        return "Healthy"

    @app.get("/swagger.json")
    def describe() -> Response:
        g.api_name = "/swagger.json"
        try:
            document = swagger.get_swagger(request.args.get("version", "2"))
        except SwaggerException as error:
            return _error(404, error.message)
        return _json(document)

    @app.route("/score", methods=["GET", "POST", "OPTIONS"], provide_automatic_options=False)
    def score() -> Response:
        g.api_name = "/score"
        return _score(script, insights)

    logger.info("Scoring timeout is set to %s", config.scoring_timeout)
    logger.info("Worker with pid %s ready for serving traffic", os.getpid())
    return app


def _score(script: UserScript, insights: Insights) -> Response:
    try:
        result = script.invoke_run(request, timeout_ms=config.scoring_timeout)
    except BadInput as error:
        return _error(400, error.args[0])
    except UnsupportedInput as error:
        return _error(415, error.args[0])
    except UnsupportedHTTPMethod:
        if request.method == "OPTIONS":
            empty: Response = AMLResponse("", 200)
            return empty
        return _error(405, "Method not allowed")
    except UserScriptTimeout as error:
        return _failed(insights, f"Scoring timeout after {error.timeout_ms} ms")
    except UserScriptException:
        message = "An unexpected error occurred in scoring script. Check the logs for more info."
        return _failed(insights, message)
    insights.scored(script, result)
    response: Any = result.output
    if isinstance(response, Response):
        logger.info("run() output is HTTP Response")
        if response.status_code >= 500:
            response.headers["x-ms-run-function-failed"] = "True"
    else:
        response = _json(response)
    answer: Response = response
    answer.headers.add("x-ms-run-fn-exec-ms", f"{result.elapsed_ms:.3f}")
    return answer


def _failed(insights: Insights, message: str) -> Response:
    insights.failed()
    logger.error("Encountered Exception: %s", traceback.format_exc())
    return _error(500, message, run_function_failed=True)


def _json(value: Any) -> Response:
    response: Response = AMLResponse(value, 200, json_str=True)
    return response


def _error(status: int, message: str | None, *, run_function_failed: bool = False) -> Response:
    response: Response = AMLResponse(
        {"message": message}, status, json_str=True, run_function_failed=run_function_failed
    )
    return response


def _add_cors(app: Flask) -> None:
    if not config.cors_origins:
        return
    try:
        import flask_cors
    except ModuleNotFoundError:
        logger.info(
            "CORS cannot be enabled because the flask-cors package is not installed. The issue can "
            "be resolved by adding flask-cors to your pip dependencies."
        )
        return
    origins = [origin.strip() for origin in config.cors_origins.split(",")]
    flask_cors.CORS(app, methods=["GET", "POST"], origins=origins)
    logger.info("Enabling CORS for the following origins: %s", ", ".join(origins))


def _add_headers(app: Flask, insights: Insights) -> None:
    @app.before_request
    def begin() -> Response | None:
        g.api_name = None
        # As azmlinfsrv gives it to Application Insights: UTC without a time zone.
        g.start_datetime = dt.datetime.now(dt.timezone.utc).replace(tzinfo=None)
        g.starting_perf_counter = time.perf_counter()
        return _take_ids()

    @app.after_request
    def end(response: Response) -> Response:
        _give_ids(response)
        milliseconds = (time.perf_counter() - g.starting_perf_counter) * 1000
        if g.api_name:
            logger.info(_line(response, milliseconds))
        if request.path != "/":
            insights.answered(response, milliseconds)
        return response

    @app.errorhandler(HTTPException)
    def refuse(error: HTTPException) -> Response:
        response = _error(error.code or 500, error.description)
        if isinstance(error, MethodNotAllowed) and error.valid_methods:
            response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
        return response

    @app.errorhandler(Exception)
    def unhandled(_: Exception) -> Response:
        logger.error("Encountered Exception: %s", traceback.format_exc())
        return _error(500, "An unexpected internal error occurred. Check the logs for more info.")


def _take_ids() -> Response | None:
    """Keep the request's ids as azmlinfsrv does; return the refusal of one that is too long."""
    g.request_id = g.client_request_id = g.legacy_client_request_id = ""
    request_id = request.headers.get("x-request-id", str(uuid.uuid4()))
    if len(request_id) > ID_CHARACTERS:
        return _error(431, f"x-request-id must not exceed {ID_CHARACTERS} characters")
    g.request_id = request_id
    legacy = request.headers.get("x-ms-request-id", "")
    client = request.headers.get("x-ms-client-request-id", "")
    if legacy:
        logger.warning(
            "x-ms-request-id header has been deprecated and will be removed from future versions "
            "of the server. Please use x-ms-client-request-id."
        )
        client = client or legacy
    else:
        legacy = client or request_id
    if max(len(legacy), len(client)) > ID_CHARACTERS:
        names = "x-ms-request-id and x-ms-client-request-id"
        return _error(431, f"{names} must not exceed {ID_CHARACTERS} characters")
    g.legacy_client_request_id, g.client_request_id = legacy, client
    return None


def _give_ids(response: Response) -> None:
    version = os.environ.get("HTTP_X_MS_SERVER_VERSION", "")
    if version:
        response.headers.add("x-ms-server-version", version)
    given: dict[str, Any] = {
        "x-request-id": g.request_id,
        "x-ms-request-id": g.legacy_client_request_id,
        "x-ms-client-request-id": g.client_request_id,
    }
    for name, value in given.items():
        if value:
            response.headers[name] = value
    if "TraceId" in request.headers:
        response.headers.add("TraceId", request.headers["TraceId"])


def _line(response: Response, milliseconds: float) -> str:
    """Return azmlinfsrv's line about a request."""
    query = request.query_string.decode("utf-8", "replace")
    path = f"{request.path}?{query}" if query else request.path
    length = "N/A" if response.is_streamed else response.calculate_content_length()
    return f"{request.method} {path} {response.status_code} {milliseconds:.3f}ms {length}"
