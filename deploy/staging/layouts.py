"""Where Azure lays things inside the container: once for SDK v1, once for online endpoints (v2).

    v1   app root   /                 azureml-app, the working directory
         code       /score/           the folder under its own name, on the path as well
         model      /azureml-models/NAME/VERSION/   AZUREML_MODEL_DIR; with several models it
                                      is /azureml-models alone
    v2   app root   /score/           the entry script's own folder
         model      /azureml-models/NAME/VERSION/   AZUREML_MODEL_DIR; one model only

A model registered as a folder keeps the folder's own name as one more level, in both.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from deploy.config.inference import Inference
from deploy.errors import UsageError
from deploy.servers.azmlinfsrv import Server
from deploy.servers.environment import stated
from deploy.staging.files import Bundle
from deploy.staging.models import ModelSource

MODELS = "azureml-models"


class Layout(str, Enum):
    """Which of Azure's two layouts."""

    V1 = "v1"
    V2 = "v2"


@dataclass(frozen=True)
class Staged:
    """A service laid out in a folder, ready to be started.

    Attributes:
        root: the folder; the working directory.
        entry: the entry script, relative to `root`.
        model_dir: AZUREML_MODEL_DIR, relative to `root`; None without a model.
        layout: which layout it is.
    """

    root: Path
    entry: Path
    model_dir: Path | None
    layout: Layout

    def environ(self) -> dict[str, str]:
        """Return the environment variables that Azure sets."""
        code = self.entry.parts[0]
        variables = {"AZUREML_ENTRY_SCRIPT": str(self.entry)}
        if self.layout is Layout.V1:
            variables |= {"AML_APP_ROOT": str(self.root), "AZUREML_SOURCE_DIRECTORY": code}
        else:
            app_root = self.root / self.entry.parent
            variables |= {"AML_APP_ROOT": str(app_root), "AZUREML_ENTRY_SCRIPT": self.entry.name}
        if self.model_dir is not None:
            # v1 gives the path relative to the working directory, v2 in full.
            full = self.layout is Layout.V2
            variables["AZUREML_MODEL_DIR"] = str(
                self.root / self.model_dir if full else self.model_dir
            )
        return variables

    def server(
        self,
        *,
        port: int = 0,
        workers: int = 1,
        log_file: Path | None = None,
        python: tuple[str, ...] = (sys.executable,),
        environ: Mapping[str, str] | None = None,
        public: bool = False,
        beside: bool = False,
    ) -> Server:
        """Return Azure's own server for it, not yet started; it sees a stated environment only.

        Args:
            port: 0 picks a free one.
            workers: processes that score.
            log_file: where its log is kept.
            python: the command that starts Python, for another environment than this one.
            environ: variables of the service's own; Azure's are set over them.
            public: let other machines reach it.
            beside: listen on a port of ours beside the server that goes next.
        """
        return Server(
            self.root / self.entry,
            None,
            port=port,
            workers=workers,
            cwd=self.root,
            log_file=log_file,
            # Nothing of this project but what was laid out may be found.
            environ={**(environ or {}), **self.environ(), "PYTHONPATH": ""},
            python=python,
            inherited=stated(os.environ),
            public=public,
            beside=beside,
        )


def lay_out(
    folder: Path,
    inference: Inference,
    bundle: Bundle,
    models: Sequence[ModelSource],
    layout: Layout,
    *,
    copy_models: bool = False,
) -> Staged:
    """Lay the service out below `folder`, which must not hold one already.

    Args:
        folder: where to.
        inference: names the entry script.
        bundle: the files that are uploaded.
        models: the models, each under its name and version.
        layout: which layout.
        copy_models: copy the models; a link to each is enough to run them here.

    Raises:
        UsageError: several models in the v2 layout.
    """
    if layout is Layout.V2 and len(models) > 1:
        raise UsageError(
            "The v2 layout has one model per deployment: put the models into one folder and "
            "name that with --model, or use --layout v1."
        )
    code = bundle.source.resolve().name
    bundle.copy_to(folder / code)
    for model in models:
        place = folder / MODELS / model.name / model.version
        place.mkdir(parents=True)
        target = place / model.path.resolve().name
        # Hard links to the files, in folders of their own.
        place_file = shutil.copyfile if copy_models else _link
        if model.path.is_dir():
            shutil.copytree(model.path, target, copy_function=place_file)
        else:
            place_file(model.path, target)
    model_dir = None
    if models:
        model_dir = Path(MODELS)
        if len(models) == 1:
            model_dir = model_dir / models[0].name / models[0].version
    return Staged(folder.resolve(), Path(code) / inference.entry, model_dir, layout)


def _link(source: str | Path, target: str | Path) -> None:
    """Place a file without copying it, as a plain file: the service follows no symbolic links."""
    try:
        os.link(Path(source).resolve(), target)
    except OSError:  # on another file system, or one without links
        shutil.copyfile(source, target)
