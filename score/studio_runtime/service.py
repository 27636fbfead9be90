"""The service behind the door: from a query and a body to the bytes of the answer."""

from __future__ import annotations

import json
import signal
from collections.abc import Mapping
from pathlib import Path

from scoring.errors import ModelBroken
from scoring.outputs.encoding import encode
from scoring.telemetry.log import logger

from studio_runtime import script
from studio_runtime.config import load_config
from studio_runtime.errors import LimitExceeded, MemoryExceeded, ModuleExecutionError, TimedOut
from studio_runtime.job import Header, Job
from studio_runtime.request import Call, Query, read_call, read_query
from studio_runtime.runner import Outcome, Runner
from studio_runtime.script import Files
from studio_runtime.tables import read_table

#: Signals by which the kernel ends a process for what it used.
MEMORY_SIGNAL, PROCESSOR_SIGNAL = -signal.SIGKILL, -signal.SIGXCPU


class Service:
    """One script, checked once, then called for each request.

    Args:
        files: the script, and its bundle and configuration if it has them.

    Raises:
        ModelBroken: something of it cannot be used; the message says what.
    """

    def __init__(self, files: Files) -> None:
        self.config = load_config(files.config)
        script.compile_script(files.script)
        self._runner = Runner(files, self.config)
        try:
            self._runner.start()
            self.tables = self._check(files.script)
            self._check_network()
        except BaseException:
            self._runner.close()
            raise

    def score(self, arguments: Mapping[str, list[str]], body: bytes) -> bytes:
        """Return the JSON answer to one request.

        Args:
            arguments: the query string, name to values.
            body: as it arrived.

        Raises:
            StudioError: with the status and the document to answer.
        """
        query = read_query(arguments)
        call = read_call(body, self.config, self.tables)
        outcome = self._runner.run(self._job(query, call))
        header = self._header(outcome)
        if not query.device:
            return b'{"Results": ' + outcome.outputs + b"}"
        stderr = outcome.report.stderr + "".join(f"Warning: {w}\n" for w in header.warnings)
        device = {
            "Standard Output": outcome.report.stdout,
            "Standard Error": stderr,
            "Graphics Device": header.pictures,
        }
        # Behind the tables, without reading them again.
        name = next(iter(call.names.outputs[header.tables :]), "device")
        last = encode(name) + b": " + encode(device)
        return b'{"Results": ' + outcome.outputs[:-1] + b", " + last + b"}}"

    @property
    def network(self) -> str:
        """Why the script's processes have a network; empty when they have none."""
        return self._runner.network

    def close(self) -> None:
        """End the processes behind this service."""
        self._runner.close()

    def _two_tables(self, call: Call) -> bool:
        allowed = call.profile == "designer" or self.config.second_output
        return allowed and len(call.names.outputs) > 1

    def _job(self, query: Query, call: Call) -> Job:
        schemas, limits = self.config.schemas, self.config.limits
        frames = [
            None if table is None else read_table(table, name, schemas.get(name), limits)
            for name, table in call.inputs
        ]
        usual = "list" if call.profile == "designer" else "table"
        return Job(
            frames=frames,
            outputs=list(call.names.outputs[: 2 if self._two_tables(call) else 1]),
            as_list=(query.shape or call.shape or usual) == "list",
            typed=call.profile == "designer",
            details=query.details,
            underscore=self.config.duplicates == "underscore",
            pictures=query.device,
            concat=query.concat,
        )

    def _header(self, outcome: Outcome) -> Header:
        """Return the header of a job that went well.

        Raises:
            StudioError: it did not.
        """
        header, report, limits = outcome.header, outcome.report, self.config.limits
        if report.late or report.code == PROCESSOR_SIGNAL:
            raise TimedOut(
                f"The script ran for more than {limits.seconds:g} seconds and was ended. Send "
                "less, or let the operator raise limits.seconds in studio.yml."
            )
        if header is None and report.code != MEMORY_SIGNAL:
            ended = _ended(report.code)
            logger.error("the script's process ended, %s", ended)
            raise ModuleExecutionError(f"The script ended its process, {ended}.")
        if header is None or header.kind == "memory":
            raise MemoryExceeded(
                f"The script wanted more than {limits.memory_bytes} bytes. Send less, or let the "
                "operator raise limits.memory_bytes in studio.yml."
            )
        if header.kind == "limit":
            raise LimitExceeded(header.text, header.count, header.setting)
        for text in header.warnings:
            logger.warning("the script: %s", json.dumps(text))
        if header.kind != "done":
            if header.log:
                logger.error("the script failed: %s", header.log)
            raise ModuleExecutionError(f"{header.text}.")
        return header

    def _check(self, file: Path) -> int:
        """Import the script once, ask for its function, and return how many tables it takes."""
        outcome = self._runner.first(Job(frames=None))
        header = outcome.header
        if header is not None and header.kind == "checked":
            return header.count
        said = (header.log or header.text) if header else outcome.report.stderr
        if outcome.report.late:
            said = f"importing it took more than {self.config.limits.seconds:g} seconds"
        text = header.text if header else _ended(outcome.report.code)
        raise ModelBroken(f"{file} cannot be served, {text or 'it failed'}\n{said}")

    def _check_network(self) -> None:
        reason = self.network
        if not reason:
            logger.info("the script's processes have no network")
        elif self.config.require_no_network:
            raise ModelBroken(f"require_no_network is set, but {reason}.")
        else:
            logger.warning("the script's processes can reach the network: %s", reason)


def _ended(code: int) -> str:
    return f"by signal {signal.Signals(-code).name}" if code < 0 else f"with exit code {code}"
