"""Several models in one service: which are there, which one a request gets, what each is.

A broken model takes nobody down with it: it is logged, listed in the description, and asking
for it is a 503. Only when none works does the service stop.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from scoring.errors import ModelBroken, ModelUnavailable
from scoring.estimators.table_model import TableModel, table_model
from scoring.models.description import describe_model
from scoring.models.discovery import ModelPath, choose, version_key
from scoring.models.loading import load
from scoring.multi_model.faults import Fault
from scoring.parameters.choice import not_one_of
from scoring.settings import Settings
from scoring.signals import raised_by_signal
from scoring.telemetry.log import logger

Key = tuple[str, str]


class Catalog:
    """The models of a folder.

    Args:
        models: what is in the folder, at least one.
        settings: `model` and `model_version` are the default, `traffic` shares out the requests
            that name no version, `loaded_models` bounds what is in memory.

    Raises:
        ModelNotFound: a setting names a model that is not there.
        ModelBroken: no model can be loaded.
    """

    def __init__(self, models: Sequence[ModelPath], settings: Settings) -> None:
        self._settings = settings
        self._paths = {(model.name, model.version): model for model in models}
        self._loaded: OrderedDict[Key, TableModel] = OrderedDict()
        self._broken: dict[Key, Fault] = {}
        # azmlinfsrv asks one request at a time; other hosts may use threads.
        self._lock = threading.RLock()
        self._default = self._find_default()
        for name, version, _ in settings.traffic:
            self.demand(name, version)
        for key in sorted(self._paths, key=lambda key: key != self._default):
            # Without the whole in memory, one model still shows at the start that it works.
            if self.complete or not self._loaded:
                self._try(key)
        if not self._loaded:
            reasons = "\n".join(
                f"{':'.join(key)}: {fault.reason}" for key, fault in self._broken.items()
            )
            raise ModelBroken(f"None of {len(self._paths)} models can be loaded.\n{reasons}")

    @property
    def complete(self) -> bool:
        """Whether all models are loaded at the start."""
        return self._settings.loaded_models is None

    @property
    def has_default(self) -> bool:
        """Whether a request may leave out which model it means."""
        return self._default is not None or self.shares_traffic

    @property
    def default(self) -> Key | None:
        """The model that a request without a name gets, where traffic does not decide."""
        return self._default

    @property
    def shares_traffic(self) -> bool:
        """Whether requests that name no version are shared out."""
        return bool(self._settings.traffic)

    @property
    def names(self) -> list[str]:
        """The names, in order."""
        return sorted({name for name, _ in self._paths})

    @property
    def versions(self) -> list[str]:
        """Every version of any model, in order."""
        return sorted({version for _, version in self._paths}, key=version_key)

    @property
    def loaded(self) -> dict[Key, TableModel]:
        """The models in memory, the default first."""
        keys = sorted(self._loaded, key=lambda key: key != self._default)
        return {key: self._loaded[key] for key in keys}

    def highest(self, name: str) -> str:
        """Return the highest version of a model."""
        return self._versions(name)[-1]

    def pick(self, name: Any, version: Any, request_id: str) -> Key:
        """Return the model that a request gets.

        Args:
            name: `GlobalParameters.model`; None for the default.
            version: `GlobalParameters.version`; None for the highest, or by traffic.
            request_id: decides where traffic is split, so that a repeated request gets the
                same model.

        Raises:
            InvalidInput: there is no such model, or no default; the answer lists what there is.
        """
        if name is not None and name not in self.names:
            raise not_one_of(self.names, name, "GlobalParameters.model")
        if version is None:
            shares = {
                (one, number): share
                for one, number, share in self._settings.traffic
                if name in (None, one)
            }
            if shares:
                return _share_out(shares, request_id)
        if name is None:
            if self._default is None:
                raise not_one_of(self.names, None, "GlobalParameters.model")
            if version is None:
                return self._default
            name = self._default[0]
        versions = self._versions(name)
        if version is None:
            return name, self.highest(name)
        if version not in versions:
            raise not_one_of(versions, version, "GlobalParameters.version")
        return name, version

    def get(self, key: Key) -> TableModel:
        """Return a model, loaded now if it is not in memory.

        Raises:
            ModelUnavailable: it is broken.
        """
        with self._lock:
            fault = self._broken.get(key)
            if key not in self._loaded and (fault is None or fault.is_over()):
                self._try(key)
            if key in self._broken:
                name, version = key
                raise ModelUnavailable(
                    f"Model {name!r} version {version!r} could not be loaded; its operator finds "
                    "the reason in the service's log. The other models answer."
                )
            self._loaded.move_to_end(key)
            return self._loaded[key]

    def describe(self) -> dict[str, Any]:
        """Return what is deployed and in which state, for `GET /score?describe`."""
        models = []
        for name, version in self._paths:
            model = self._loaded.get((name, version))
            if model is not None:
                models.append(describe_model(model.loaded))
            else:
                status = "broken" if (name, version) in self._broken else "not loaded"
                models.append({"name": name, "version": version, "status": status})
        return {
            "default": None if self._default is None else ":".join(self._default),
            "traffic": {
                f"{name}:{version}": share for name, version, share in self._settings.traffic
            },
            "models": models,
        }

    def _find_default(self) -> Key | None:
        settings, names = self._settings, self.names
        if settings.model is None and len(names) > 1:
            return None
        name = settings.model or names[0]
        return self.demand(name, settings.model_version)

    def demand(self, name: str, version: str | None) -> Key:
        """Return the key of a model that a setting names.

        Raises:
            ModelNotFound: it is not there.
        """
        model = choose(self._paths.values(), name, version, "")
        return model.name, model.version

    def _versions(self, name: str) -> list[str]:
        return sorted((v for n, v in self._paths if n == name), key=version_key)

    def _try(self, key: Key) -> None:
        """Load a model; where the memory is bounded, forget the one not used for longest."""
        bound = self._settings.loaded_models
        try:
            model = table_model(load(self._paths[key], self._settings), self._settings)
        except (Exception, SystemExit) as error:
            fault = Fault.of(error, self._broken.get(key))
            self._broken[key] = fault
            logger.error("model %s version %s is broken: %s", *key, fault.reason)
            if raised_by_signal(error):
                # The server's alarm, or the end of its worker: it has to see it itself.
                raise
            return
        self._broken.pop(key, None)
        self._loaded[key] = model
        while bound is not None and len(self._loaded) > bound:
            forgotten, _ = self._loaded.popitem(last=False)
            logger.info("model %s version %s leaves the memory", *forgotten)


def _share_out(shares: dict[Key, float], request_id: str) -> Key:
    """Return one of the models, each with its share of all request ids."""
    digest = hashlib.sha256(request_id.encode()).digest()
    point = int.from_bytes(digest[:8], "big") / 2**64 * sum(shares.values())
    keys = [key for key, share in shares.items() if share > 0]
    for key in keys:
        point -= shares[key]
        if point < 0:
            return key
    return keys[-1]
