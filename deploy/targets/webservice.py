"""What `aci` and `aks` share: web services of SDK v1, from the first `up` to `delete`."""

from __future__ import annotations

import inspect
import os
import time
from abc import abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, ClassVar

import tenacity
import typer

from deploy import marks
from deploy.config.deployment import Deployment
from deploy.errors import DeployError, NotFound, UsageError
from deploy.findings import Finding, notice
from deploy.masking import masked
from deploy.plan import Plan
from deploy.sdk_v1.environment import conda_environment, inference_config
from deploy.sdk_v1.errors import reasons, sdk
from deploy.sdk_v1.models import register
from deploy.sdk_v1.workspace import WorkspaceOptions, find_workspace
from deploy.service import Service
from deploy.staging.files import Bundle
from deploy.targets.base import Target

#: How often Azure is asked, in seconds; the SDK itself does it every 5.
POLL_SECONDS = float(os.environ.get("DEPLOY_POLL_SECONDS", "5"))

#: How often it is looked whether a deleted service is gone: ten minutes' worth.
GONE_LOOKS = 120

#: States in which Azure takes no change.
BUSY = frozenset({"Transitioning", "Upgrading", "Deleting"})


#: Settings that are compared with the service itself; an update carries tags in its own way.
COMPARED = frozenset({"primary_key", "secondary_key", "tags"})


@dataclass(frozen=True)
class WebserviceOptions(WorkspaceOptions):
    """What only a web service in a workspace needs to be told."""

    adopt: Annotated[
        bool, typer.Option("--adopt", help="Change or delete a service that others made.")
    ] = False
    force: Annotated[bool, typer.Option("--force", help="Deploy although nothing has changed.")] = (
        False
    )


class Webservices(Target):
    """Web services of one compute type in an Azure ML workspace."""

    #: The SDK's name for it.
    compute_type: ClassVar[str]
    #: The class of `azureml.core.webservice` for it.
    webservice_class: ClassVar[str]
    options_type = WebserviceOptions
    no_code = True
    servers = ("azureml-defaults",)  # SDK v1 refuses an environment without it

    @abstractmethod
    def settings(self, deployment: Deployment) -> dict[str, Any]:
        """Return the arguments of the SDK's `deploy_configuration`."""

    #: Names of the settings that `fixed` returns.
    fixed_settings: ClassVar[frozenset[str]]

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
        with marked_repository(), sdk("building the request"):
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
            config = self._configuration(plan, bundle)
            body = config._build_create_payload(plan.name, image)
            if getattr(config, "compute_target_name", None):
                body["computeName"] = config.compute_target_name
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
        with marked_repository():
            return self._up(plan, bundle)

    def _up(self, plan: Plan, bundle: Bundle | None) -> Service:
        present = self._find(plan.name)
        if present is not None:
            self._refuse_foreign(present)
            present = self._settle(present)
        if present is not None:
            self._refuse_fixed(present, plan)
            same = (present.tags or {}).get(marks.MANIFEST) == self._manifest(plan, bundle)
            if same and present.state == "Healthy" and not self.options.force:
                self.say(f"{plan.name} is up to date; --force deploys it all the same")
                return self._service(present)
        models = [register(self.workspace, model, plan, self.say) for model in plan.models]
        with inference_config(self.workspace, plan, bundle) as code:
            config = self._configuration(plan, bundle)
            if present is not None and present.state != "Failed":
                deployed = self._update(present, plan, models, code, config)
            else:
                deployed = self._create(plan, models, code, config, replace=present is not None)
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
                log = found.get_logs() or ""
            yield news(shown, log)
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
        self._refuse_foreign(found)
        with sdk(f"deleting {name}"):
            found.delete()
        self.say(f"Waiting until {name} is gone")
        looking = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(GONE_LOOKS),
            wait=tenacity.wait_fixed(POLL_SECONDS),
            retry=tenacity.retry_if_result(lambda left: left is not None),
            retry_error_callback=lambda state: state.outcome.result() if state.outcome else None,
        )
        left = looking(self._find, name)
        if left is not None:
            reason = " ".join(reasons(left.error))
            raise DeployError(
                f"Azure accepted the deletion, but {name} is still there, {left.state}, and costs "
                f"what it did. {reason} Run `delete` again, or remove it in the Azure portal."
            )

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

    def _settle(self, service: Any) -> Any:
        """Wait until an earlier operation on the service has ended; return what is there then."""
        if service.state not in BUSY:
            return service
        self.say(f"Waiting for what Azure still does to {service.name} ({service.state})")
        waiting = tenacity.Retrying(
            wait=tenacity.wait_fixed(POLL_SECONDS),
            retry=tenacity.retry_if_result(lambda found: found and found.state in BUSY),
        )
        # What Azure was deleting is gone afterwards: then there is none.
        return waiting(self._find, service.name)

    def _refuse_foreign(self, service: Any) -> None:
        whose = marks.foreign(service.tags, marks.repository(Path()))
        if whose and not self.options.adopt:
            raise UsageError(
                f"{service.name} on {self.name} is not this project's. {whose}: choose another "
                "--name, or take it over with --adopt."
            )

    def _refuse_fixed(self, service: Any, plan: Plan) -> None:
        wanted = self.settings(plan.deployment)
        for key, value in self.fixed(service).items():
            if wanted.get(key) is not None and _plain(wanted[key]) != _plain(value):
                raise DeployError(
                    f"Azure cannot change {key} of {service.name} ({value} to {wanted[key]}): "
                    f"python -m deploy delete --target {self.name} --name {service.name}, then "
                    "run `up` again, or keep the value."
                )

        settings = self._uncarried(wanted)
        kept = (service.tags or {}).get(marks.SETTINGS)
        lost = marks.changed(kept, settings) if kept is not None else []
        lost += self._changed_keys(service, wanted)
        if lost:
            raise DeployError(
                f"Azure's update of {service.name} cannot carry {', '.join(lost)}: put the value "
                f"back, or python -m deploy delete --target {self.name} --name {service.name} and "
                "run `up` again. (Keys: `keys --regenerate` makes new ones.)"
            )

    def _changed_keys(self, service: Any, wanted: dict[str, Any]) -> list[str]:
        given = [wanted.get("primary_key"), wanted.get("secondary_key")]
        if not any(given) or not service.auth_enabled:
            return []
        with sdk("reading the keys"):
            now = service.get_keys()
        names = ("keys.primaryKey", "keys.secondaryKey")
        pairs = zip(names, given, now, strict=True)
        return [name for name, key, real in pairs if key is not None and key != real]

    def _uncarried(self, settings: dict[str, Any]) -> dict[str, Any]:
        """Return the settings that are given at creation only, and cannot be read back."""
        carried = inspect.signature(self._webservice_class().update).parameters
        fixed = self.fixed_settings
        return {
            key: value
            for key, value in settings.items()
            if key not in carried and key not in fixed and key not in COMPARED
        }

    def _manifest(self, plan: Plan, bundle: Bundle | None) -> str:
        """Return a digest of everything that is deployed."""
        inference, settings = plan.inference, self.settings(plan.deployment)
        environment = inference.conda_file.read_text("utf-8") if inference.conda_file else ""
        return marks.digest(
            {
                "settings": {k: v for k, v in settings.items() if k not in COMPARED},
                "tags": settings.get("tags"),
                "files": bundle.digests() if bundle else {},
                "models": [[m.name, m.version, m.digest()] for m in plan.models],
                "environment": [environment, inference.environment, inference.base_image],
                "entry": [inference.entry.as_posix(), inference.gpu, plan.framework],
            }
        )

    def _configuration(self, plan: Plan, bundle: Bundle | None) -> Any:
        """Return the SDK's deployment configuration, with the tags that mark it as ours."""
        settings, here = self.settings(plan.deployment), marks.repository(Path())
        own = {
            marks.MADE_BY: marks.OURS,
            marks.PROJECT: here.project,
            marks.COMMIT: here.commit,
            marks.MANIFEST: self._manifest(plan, bundle),
            marks.SETTINGS: marks.settings_digests(self._uncarried(settings)),
        }
        settings["tags"] = {**(settings.get("tags") or {}), **own}
        return self._webservice_class().deploy_configuration(**settings)

    def _create(
        self, plan: Plan, models: list[Any], inference_config: Any, config: Any, *, replace: bool
    ) -> Any:
        from azureml.core import Model

        self.say(f"Creating {plan.name} on {self.name}")
        workspace = self.workspace
        with sdk(f"creating {plan.name}"):
            # A service that never came up is replaced; of two `up` at once only one creates it.
            return Model.deploy(
                workspace, plan.name, models, inference_config, config, overwrite=replace
            )

    def _update(
        self, present: Any, plan: Plan, models: list[Any], inference_config: Any, config: Any
    ) -> Any:
        self.say(f"Updating {plan.name} on {self.name}")
        accepted = inspect.signature(self._webservice_class().update).parameters
        changes = {k: v for k, v in self.settings(plan.deployment).items() if k in accepted}
        kept = (present.tags or {}).get(marks.SETTINGS, config.tags[marks.SETTINGS])
        changes["tags"] = {**config.tags, marks.SETTINGS: kept}
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


@contextmanager
def marked_repository() -> Iterator[None]:
    """Tell the SDK the git remote's address without user and token: it uploads what git says."""
    name = "AZUREML_GIT_REPOSITORY_URI"
    before = os.environ.get(name)
    remote = masked(before) if before else marks.repository(Path()).remote
    if not remote:
        yield
        return
    os.environ[name] = remote
    try:
        yield
    finally:
        os.environ.pop(name)
        if before:
            os.environ[name] = before


def news(shown: str, log: str) -> str:
    """Return what a log says beyond what was shown: it is a window on the last lines."""
    before, now = shown.splitlines(keepends=True), log.splitlines(keepends=True)
    for start in range(len(before)):
        if now[: len(before) - start] == before[start:]:
            return "".join(now[len(before) - start :])
    return log


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
