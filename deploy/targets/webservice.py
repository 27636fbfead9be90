"""What `aci` and `aks` share: web services of SDK v1, from the first `up` to `delete`."""

from __future__ import annotations

import inspect
import time
from abc import abstractmethod
from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property
from typing import Any, ClassVar

from deploy.config.deployment import Deployment
from deploy.errors import DeployError, NotFound, UsageError
from deploy.findings import Finding, notice
from deploy.plan import Plan
from deploy.sdk_v1.environment import conda_environment, inference_config
from deploy.sdk_v1.errors import sdk
from deploy.sdk_v1.models import register
from deploy.sdk_v1.workspace import WorkspaceOptions, find_workspace
from deploy.service import Service
from deploy.staging.files import Bundle
from deploy.targets.base import Target

#: How often Azure is asked, as the SDK itself does it.
POLL_SECONDS = 5

#: States in which Azure takes no change.
BUSY = frozenset({"Transitioning", "Upgrading", "Deleting"})


class Webservices(Target):
    """Web services of one compute type in an Azure ML workspace."""

    #: The SDK's name for it.
    compute_type: ClassVar[str]
    #: The class of `azureml.core.webservice` for it.
    webservice_class: ClassVar[str]
    options_type = WorkspaceOptions
    no_code = True
    servers = ("azureml-defaults",)  # SDK v1 refuses an environment without it

    @abstractmethod
    def settings(self, deployment: Deployment) -> dict[str, Any]:
        """Return the arguments of the SDK's `deploy_configuration`."""

    @abstractmethod
    def fixed(self, deployed: Any) -> dict[str, Any]:
        """Return what a deployed service has of the settings that Azure cannot change."""

    @cached_property
    def workspace(self) -> Any:
        """The workspace; found at the first use."""
        self.say("Finding the workspace")
        return find_workspace(self.options)

    def preview(self, plan: Plan, bundle: Bundle | None) -> dict[str, Any]:
        """Return the models, the files and the body of the request that would create it."""
        from azureml.core import Environment

        ids = [f"{model.name}:<version>" for model in plan.models]
        image: dict[str, Any] = {"modelIds": ids}
        with sdk("building the request"):
            if bundle is not None:
                code = bundle.source.resolve().name
                image |= {"driverProgram": "<uploaded>", "assets": ["<uploaded>", f"{code}.tar.gz"]}
                environment = plan.inference.environment
                if environment is None:
                    # The SDK adds the two variables when it uploads the folder.
                    made = conda_environment(plan.inference, plan.name)
                    variables = {
                        "AZUREML_SOURCE_DIRECTORY": code,
                        "AZUREML_ENTRY_SCRIPT": f"{code}/{plan.inference.entry.as_posix()}",
                    }
                    made.environment_variables = made.environment_variables | variables
                    environment = Environment._serialize_to_dict(made)
                image["environment"] = environment
            config = self._webservice_class().deploy_configuration(**self.settings(plan.deployment))
            body = config._build_create_payload(plan.name, image)
            if getattr(config, "compute_target_name", None):
                body["computeName"] = config.compute_target_name
        if any((body.get("keys") or {}).values()):
            body["keys"] = "<not shown>"
        if body.get("sslKey"):
            body["sslKey"] = "<not shown>"
        return {
            "models": [
                {"name": m.name, "path": str(m.path), "bytes": m.size(), "sha256": m.digest()}
                for m in plan.models
            ],
            "files": bundle.sizes() if bundle else {},
            "request": body,
        }

    def up(self, plan: Plan, bundle: Bundle | None) -> Service:
        """Register the models; create the service, or update the one that is there."""
        present = self._find(plan.name)
        if present is not None:
            self._settle(present)
            self._refuse_fixed(present, plan)
        models = [register(self.workspace, model, plan, self.say) for model in plan.models]
        with inference_config(self.workspace, plan, bundle) as code:
            if present is not None and present.state != "Failed":
                deployed = self._update(present, plan, models, code)
            else:
                deployed = self._create(plan, models, code)
        self._wait(deployed)
        return self.status(plan.name)

    def status(self, name: str) -> Service:
        """Return the service's state, address and way of authentication."""
        return self._service(self._existing(name))

    def logs(self, name: str, *, follow: bool) -> Iterator[str]:
        """Yield the container's log."""
        found = self._existing(name)
        shown = ""
        while True:
            with sdk("reading the log"):
                log = found.get_logs()
            # The log is a window on its end; what is new follows what was shown.
            yield log.removeprefix(shown) if log.startswith(shown) else log
            shown = log
            if not follow:
                return
            time.sleep(POLL_SECONDS)

    def keys(self, name: str, *, regenerate: str = "") -> dict[str, str]:
        """Return both keys, or a token where the service takes tokens."""
        found = self._existing(name)
        if found.token_auth_enabled:
            if regenerate:
                raise UsageError(f"{name} takes tokens, not keys: they end by themselves.")
            with sdk("asking for a token"):
                token = found.get_access_token()
            return {"token": token.access_token, "refresh_after": str(token.refresh_after)}
        if not found.auth_enabled:
            if regenerate:
                raise UsageError(f"{name} has no keys: set authEnabled, then run `up`.")
            return {}
        if regenerate:
            with sdk("regenerating the key"):
                found.regen_key(regenerate)
        with sdk("reading the keys"):
            primary, secondary = found.get_keys()
        return {"primary": primary, "secondary": secondary}

    def delete(self, name: str) -> None:
        """Delete the service; its models stay registered."""
        found = self._existing(name)
        with sdk(f"deleting {name}"):
            found.delete()

    def services(self) -> list[Service]:
        """Return the workspace's services of this compute type."""
        from azureml.core import Webservice

        workspace = self.workspace
        with sdk("listing the services"):
            found = Webservice.list(workspace, compute_type=self.compute_type)
        return [self._service(service) for service in found]

    # -- steps ----------------------------------------------------------------------

    def _find(self, name: str) -> Any:
        from azureml.core import Webservice
        from azureml.exceptions import WebserviceException

        workspace = self.workspace
        with sdk(f"looking for {name}"):
            try:
                found = Webservice(workspace, name)
            except WebserviceException as error:
                if "WebserviceNotFound" not in error.message:
                    raise
                return None
        if found.compute_type != self.compute_type:
            raise UsageError(
                f"{name} is a service on {found.compute_type.lower()}, not on {self.name}: "
                "choose another --name or --target."
            )
        return found

    def _existing(self, name: str) -> Any:
        found = self._find(name)
        if found is None:
            others = ", ".join(service.name for service in self.services()) or "none"
            raise NotFound(f"No service {name} on {self.name}. Found: {others}.")
        return found

    def _settle(self, service: Any) -> None:
        """Wait until an earlier operation on the service has ended."""
        if service.state in BUSY:
            self.say(f"Waiting for what Azure still does to {service.name} ({service.state})")
        while service.state in BUSY:
            time.sleep(POLL_SECONDS)
            with sdk(f"asking for {service.name}"):
                service.update_deployment_state()

    def _refuse_fixed(self, service: Any, plan: Plan) -> None:
        wanted = self.settings(plan.deployment)
        for key, value in self.fixed(service).items():
            if wanted.get(key) is not None and _plain(wanted[key]) != _plain(value):
                raise DeployError(
                    f"Azure cannot change {key} of {service.name} ({value} to {wanted[key]}): "
                    f"python -m deploy delete --target {self.name} --name {service.name}, then "
                    "run `up` again, or keep the value."
                )

    def _create(self, plan: Plan, models: list[Any], inference_config: Any) -> Any:
        from azureml.core import Model

        self.say(f"Creating {plan.name} on {self.name}")
        workspace = self.workspace
        with sdk(f"creating {plan.name}"):
            config = self._webservice_class().deploy_configuration(**self.settings(plan.deployment))
            # A service that never came up is replaced; there is no other of this name.
            return Model.deploy(
                workspace, plan.name, models, inference_config, config, overwrite=True
            )

    def _update(self, present: Any, plan: Plan, models: list[Any], inference_config: Any) -> Any:
        self.say(f"Updating {plan.name} on {self.name}")
        accepted = inspect.signature(self._webservice_class().update).parameters
        changes = {k: v for k, v in self.settings(plan.deployment).items() if k in accepted}
        with sdk(f"updating {plan.name}"):
            present.update(models=models, inference_config=inference_config, **changes)
        return present

    def _wait(self, service: Any) -> None:
        self.say(f"Waiting for Azure to build and start {service.name} (ten to twenty minutes)")
        where = f"--target {self.name} --name {service.name}"
        try:
            with sdk(f"deploying {service.name}"):
                service.wait_for_deployment(show_output=False)
        except KeyboardInterrupt:
            raise KeyboardInterrupt(
                f"Interrupted; Azure goes on deploying {service.name}.\n"
                f"Look:      python -m deploy status {where}\n"
                f"Go on:     run the same `up` again: it waits for this one first\n"
                f"Take back: python -m deploy delete {where}"
            ) from None
        except DeployError as error:
            log = ""
            with suppress(DeployError), sdk("reading the log"):
                log = service.get_logs()
            raise type(error)(
                f"{error}\n{service.name} stays in the workspace as it is. Mend the cause and run "
                f"`up` again, or remove it: python -m deploy delete {where}",
                log,
            ) from None

    def _webservice_class(self) -> Any:
        from azureml.core import webservice

        return getattr(webservice, self.webservice_class)

    def _service(self, found: Any) -> Service:
        auth = "token" if found.token_auth_enabled else "key" if found.auth_enabled else "none"
        details = {"updated": found.updated_time, "error": found.error}
        return Service(
            name=found.name,
            target=self.name,
            state=found.state or "Unknown",
            healthy=found.state == "Healthy",
            scoring_uri=found.scoring_uri or "",
            auth=auth,
            details={key: value for key, value in details.items() if value},
        )


def _plain(value: Any) -> Any:
    """Return a value as two spellings of a region compare: West Europe, westeurope."""
    return value.replace(" ", "").lower() if isinstance(value, str) else value


def legacy(service: str) -> Finding:
    """Return the notice that SDK v1's web services are on their way out."""
    return notice(
        "--target",
        f"Web services of SDK v1 on {service} are legacy; its support ended on 2026-06-30.",
        "Start new services on managed or Kubernetes online endpoints (v2).",
    )
