"""The fake itself: the proxy, the state, and the routes of all its services."""

from __future__ import annotations

import os
import re
from pathlib import Path
from types import TracebackType

from tests.fakes.azure import artifacts, jobs, runs, sign_in, webservices
from tests.fakes.azure.proxy import Answer, Failure, Proxy, Request
from tests.fakes.azure.routes import Route
from tests.fakes.azure.state import GROUP, SUBSCRIPTION, WORKSPACE, State

MODULES = (sign_in, artifacts, webservices, jobs, runs)
ROUTES: list[Route] = [route for module in MODULES for route in module.ROUTES]


class Azure:
    """Azure on the loopback interface; use it as a context manager.

    Args:
        folder: a temporary folder for the certificate, the SDK's cache and deployed services.

    Attributes:
        state: what it remembers.
        unknown: requests that no route answers; a test can assert that there are none.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.state = State(folder / "services", environ=self.environ)
        self.proxy = Proxy(self._answer)
        self.unknown: list[Request] = []
        self.routes: list[Route] = list(ROUTES)

    @property
    def journal(self) -> list[Request]:
        """Every request so far, in order."""
        return self.proxy.journal

    def sent(self, method: str, path: str) -> list[Request]:
        """Return the requests whose host and path match."""
        return [
            request
            for request in self.journal
            if request.method == method and re.search(path, request.host + request.path)
        ]

    def fail(
        self, method: str, path: str, answer: Answer | None, *, times: int = 1, skip: int = 0
    ) -> None:
        """Let the next requests that match fail; None cuts the connection."""
        self.proxy.failures.append(Failure(method, path, answer, times, skip))

    def environ(self) -> dict[str, str]:
        """Return an environment in which the SDKs find this Azure and a service principal."""
        bundle = self.folder / "ca.pem"
        if not bundle.is_file():
            self.proxy.authority.cert_pem.write_to_path(str(bundle))
        home, temporary = self.folder / "home", self.folder / "tmp"
        home.mkdir(exist_ok=True)
        temporary.mkdir(exist_ok=True)
        keep = {k: v for k, v in os.environ.items() if not k.startswith(("AZURE", "MSI_"))}
        return {
            **keep,
            "HOME": str(home),
            # Where the SDKs put what they run on this machine, and leave it.
            "TMPDIR": str(temporary),
            "HTTPS_PROXY": self.proxy.url,
            "HTTP_PROXY": self.proxy.url,
            "NO_PROXY": "127.0.0.1,localhost",
            "REQUESTS_CA_BUNDLE": str(bundle),
            "AZURE_TENANT_ID": sign_in.TENANT,
            "AZURE_CLIENT_ID": "00000000-0000-0000-0000-00000000000b",
            "AZURE_CLIENT_SECRET": "not-a-secret",
            "AZURE_SUBSCRIPTION_ID": SUBSCRIPTION,
            "AZURE_RESOURCE_GROUP": GROUP,
            "AZURE_ML_WORKSPACE": WORKSPACE,
            # The SDK's own waits, as short as it allows: they are read when it is imported.
            "AZUREML_DEFAULT_BACKOFF": "1",
            "AZUREML_DEFAULT_500_BACKOFF": "1",
            "AZUREML_DEFAULT_503_BACKOFF": "1",
            "AZUREML_DEFAULT_RETRIES": "2",
            "DEPLOY_POLL_SECONDS": "0.1",
        }

    def __enter__(self) -> Azure:
        """Start to listen."""
        self.proxy.start()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop everything that was deployed, let jobs end, then stop the proxy."""
        for service in self.state.services.values():
            if service.server:
                service.server.stop()
        for job in self.state.jobs.values():
            if job.process:
                job.process.wait()
        self.proxy.stop()

    def _answer(self, request: Request) -> Answer:
        address = request.host + request.path
        handler = next(
            (h for m, p, h in self.routes if m == request.method and re.search(p, address)), None
        )
        if handler is None:
            self.unknown.append(request)
            return Answer(404, {"error": {"code": "NotFaked", "message": address}})
        return handler(self.state, request)
