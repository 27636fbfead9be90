"""The client: a table or images in, predictions of the same kind out."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Any, overload
from urllib.parse import urlsplit

from scoring_client.chunks import ranges
from scoring_client.description import Description, describe
from scoring_client.errors import ScoringError
from scoring_client.images import check_images, multipart
from scoring_client.outcomes import Chunk, Outcomes, collect, outcomes_of
from scoring_client.secret import TokenCredential, sign_in
from scoring_client.tables import Table, dumps, table_of
from scoring_client.transport import Transport

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

#: What a managed online endpoint reads to send a request to one deployment (blue/green).
#: https://learn.microsoft.com/azure/machine-learning/how-to-safely-rollout-online-endpoints
DEPLOYMENT_HEADER = "azureml-model-deployment"

READY_POLL_SECONDS = 1.0


class ScoringClient:
    """A client for one scoring service; threads may share it, `with` closes it.

    Args:
        uri: the address, as in `https://NAME.REGION.inference.ml.azure.com/score`; `/score` may
            be left out.
        key: the endpoint's key; taken from the variable `SCORING_KEY` when nothing is given.
        token: a token instead of a key.
        credential: an azure-identity credential instead of a key.
        deployment: the deployment that shall answer, whatever the traffic split.
        timeout: seconds for one attempt of one request.
        retries: further attempts on 429, 502, 503, 504 and connection errors.
        chunk_rows: rows in one request.
        chunk_images: images in one request.
        concurrency: requests on their way at once.
        progress: show a progress bar (needs tqdm); by default when a terminal is attached.

    Raises:
        ValueError: the address or the sign-in cannot be used.
    """

    def __init__(
        self,
        uri: str,
        *,
        key: str | None = None,
        token: str | None = None,
        credential: TokenCredential | None = None,
        deployment: str | None = None,
        timeout: float = 120,
        retries: int = 6,
        chunk_rows: int = 2000,
        chunk_images: int = 8,
        concurrency: int = 4,
        progress: bool | None = None,
    ) -> None:
        parts = urlsplit(uri)
        if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
            raise ValueError("uri must look like https://HOST/score, without user or password.")
        if min(timeout, chunk_rows, chunk_images, concurrency) <= 0 or retries < 0:
            raise ValueError(
                "timeout, chunk sizes and concurrency must be above 0, retries 0 or more."
            )
        path = parts.path.rstrip("/").removesuffix("/score").rstrip("/")
        self._base = f"{parts.scheme}://{parts.netloc}{path}"
        query = f"?{parts.query}" if parts.query else ""
        self.uri = f"{self._base}/score{query}"
        self._auth = sign_in(key, token, credential)
        self.chunk_rows, self.chunk_images = chunk_rows, chunk_images
        self._concurrency = concurrency
        self._progress = progress
        headers = {"Accept": "application/json"}
        if deployment is not None:
            headers[DEPLOYMENT_HEADER] = deployment
        self._transport = Transport(self._auth, headers, timeout, retries, concurrency)

    def __repr__(self) -> str:
        """Return address and kind of sign-in; no secret."""
        return f"ScoringClient({self._base}/score, {self._auth!r})"

    def __enter__(self) -> ScoringClient:
        """Return the client."""
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the connections."""
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    # -- scoring ------------------------------------------------------------------

    @overload
    def score(
        self, data: pd.DataFrame, parameters: Mapping[str, Any] | None = None
    ) -> pd.Series[Any] | pd.DataFrame: ...
    @overload
    def score(
        self, data: npt.NDArray[Any], parameters: Mapping[str, Any] | None = None
    ) -> npt.NDArray[Any]: ...
    @overload
    def score(
        self, data: Sequence[Any], parameters: Mapping[str, Any] | None = None
    ) -> list[Any]: ...
    def score(self, data: Any, parameters: Mapping[str, Any] | None = None) -> Any:
        """Return one prediction per row, in order.

        A table with column names (records, DataFrame) is sent as `Inputs.data`. An array's
        columns get the names that the service's Swagger lists, in that order; when it lists
        none, the rows are sent without names, as `data`.

        Args:
            data: a list of dictionaries, a DataFrame, a list of lists or an array.
            parameters: `GlobalParameters`, such as `{"method": "predict_proba"}`.

        Returns:
            A list for a list; an array for an array; for a DataFrame a Series with its index,
            or a DataFrame when each prediction is a record.

        Raises:
            ScoringError: the service refused the rows, or could not be reached, or a row holds
                what JSON has not, such as an infinite number.
            IncompleteScores: so for some rows of a table; it holds the other results.
            TypeError: `data` is no table.
            ValueError: its rows have not as many values as the service takes.
        """
        table = table_of(data)
        names = [] if table.named else list(self.columns())
        if names:
            _check_widths(table, names)
        chunks = (
            (rows, _named(names, table.rows(rows.start, rows.stop)))
            for rows in ranges(len(table), self.chunk_rows)
        )
        outcomes = self.score_chunks(chunks, parameters)
        return collect(outcomes, len(table), table.answer, self._progress)

    def score_chunks(
        self, chunks: Iterable[Chunk], parameters: Mapping[str, Any] | None = None
    ) -> Outcomes:
        """Yield each chunk with its results, or with the error, in order.

        A row that the service names as at fault has a `ScoringError` in the place of its result;
        the other rows of its chunk are sent again without it.

        For tables that are too large to hold: `chunks` is read as there is room. When the
        service is gone, or refuses the client rather than the rows, no further chunk is sent
        and the last ones have no outcome.

        Args:
            chunks: numbers of rows, and these rows as dictionaries or lists; one that is a
                `ScoringError` is not sent, and keeps that as its outcome.
            parameters: `GlobalParameters`.
        """

        def post(chunk: Chunk) -> Any:
            _, values = chunk
            named = not values or isinstance(values[0], dict)
            body: dict[str, Any] = {"Inputs": {"data": values}} if named else {"data": values}
            if parameters:
                body["GlobalParameters"] = dict(parameters)
            return self.call(body)

        return outcomes_of(post, dumps, chunks, self._concurrency, self._transport.interrupted)

    def score_images(self, images: Sequence[Any]) -> list[dict[str, Any]]:
        """Return one answer per image, in order.

        Args:
            images: paths, bytes of image files, or arrays of pixels (uint8; height x width,
                or height x width x 3).

        Raises:
            ScoringError: the service refused an image, or could not be reached.
            IncompleteScores: so for some of many images; it holds the other answers.
            OSError: there is no such file; nothing is sent.
            TypeError: an image is of none of the three kinds; nothing is sent.
        """
        check_images(images)
        outcomes = self.score_image_chunks(images)
        answers: list[dict[str, Any]] = collect(outcomes, len(images), list, self._progress)
        return answers

    def score_image_chunks(self, images: Sequence[Any], start: int = 0) -> Outcomes:
        """Yield some images at a time with their answers, or with the error, in order.

        As with rows, an image at fault has a `ScoringError` in the place of its answer.

        Args:
            images: as for `score_images`.
            start: the number of the first one to score.
        """

        def post(chunk: Chunk) -> Any:
            rows, part = chunk
            files = multipart(part, rows.start)
            answer = self._transport.send("POST", self.uri, files=files)
            return answer if isinstance(answer, list) else [answer]

        def check(image: Any) -> None:
            multipart([image], 0)

        chunks = (
            (
                range(rows.start + start, rows.stop + start),
                images[rows.start + start : rows.stop + start],
            )
            for rows in ranges(len(images) - start, self.chunk_images)
        )
        filled = (chunk for chunk in chunks if chunk[0])
        return outcomes_of(post, check, filled, self._concurrency, self._transport.interrupted)

    def call(self, body: Any) -> Any:
        """Return the JSON answer to any JSON body: for services with a shape of their own.

        Raises:
            ScoringError: the service refused the body, or could not be reached.
        """
        headers = {"Content-Type": "application/json"}
        return self._transport.send("POST", self.uri, data=dumps(body), headers=headers)

    # -- the service itself ---------------------------------------------------------

    def describe(self) -> Description:
        """Return what the service takes, from its Swagger.

        Raises:
            ScoringError: it has none, or could not be reached.
        """
        document = self._transport.send("GET", f"{self._base}/swagger.json")
        if not isinstance(document, dict):
            raise ScoringError("/swagger.json is no JSON object")
        return describe(document)

    def columns(self) -> Mapping[str, str]:
        """Return name and type of each column; empty when the service does not say.

        Raises:
            ScoringError: the service could not be reached, or refuses the caller.
        """
        return self._described.columns if self._described is not None else {}

    def wait_until_ready(self, timeout: float = 300) -> None:
        """Return as soon as the service answers that it is healthy.

        Args:
            timeout: how many seconds to wait.

        Raises:
            ScoringError: it does not, or refuses the sign-in.
        """
        deadline = time.monotonic() + timeout
        while True:
            try:
                left = max(deadline - time.monotonic(), READY_POLL_SECONDS)
                health = f"{self._base}/"
                self._transport.send("GET", health, retry=False, text=True, seconds=left)
                return
            except ScoringError as error:
                if error.status in {401, 403}:
                    raise
                if time.monotonic() + READY_POLL_SECONDS > deadline:
                    error.message = f"not ready after {timeout:g} s: {error.message}"
                    raise
            time.sleep(READY_POLL_SECONDS)

    # -- details ----------------------------------------------------------------------

    @cached_property
    def _described(self) -> Description | None:
        try:
            return self.describe()
        except ScoringError as error:
            if error.retryable or error.status in {None, 401, 403}:
                raise
            return None


def _check_widths(table: Table, names: Sequence[str]) -> None:
    """Refuse a table without column names whose rows are too short or too long.

    Raises:
        ValueError: a row has not as many values as there are names.
    """
    for width in table.widths() - {len(names)}:
        raise ValueError(
            f"A row has {width} values; the service takes {len(names)}: {', '.join(names)}."
        )


def _named(names: Sequence[str], rows: list[Any]) -> list[Any]:
    """Return rows of values as records; as they are when there are no names."""
    return [dict(zip(names, row, strict=True)) for row in rows] if names else rows
