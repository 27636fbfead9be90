"""The client: a table or images in, predictions of the same kind out."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import closing
from functools import cached_property
from itertools import takewhile
from types import TracebackType
from typing import TYPE_CHECKING, Any, overload
from urllib.parse import urlsplit

from scoring_client.chunks import in_order, ranges
from scoring_client.description import Description, describe
from scoring_client.errors import Failure, IncompleteScores, ScoringError
from scoring_client.images import File, multipart
from scoring_client.progress import progress_bar
from scoring_client.secret import TokenCredential, sign_in
from scoring_client.tables import dumps, table_of
from scoring_client.transport import Transport

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

#: What a managed online endpoint reads to send a request to one deployment (blue/green).
#: https://learn.microsoft.com/azure/machine-learning/how-to-safely-rollout-online-endpoints
DEPLOYMENT_HEADER = "azureml-model-deployment"

READY_POLL_SECONDS = 1.0

#: Where the doors put their results: the tabular ones, and the classic one.
RESULT_KEYS = ("Results", "result")

#: Numbers of rows, and these rows.
Chunk = tuple[range, Sequence[Any]]

#: The results of a chunk, or why there are none.
Outcome = list[Any] | ScoringError


class ScoringClient:
    """A client for one scoring service; threads may share it, `with` closes it.

    Args:
        uri: the scoring address, as in `https://NAME.REGION.inference.ml.azure.com/score`.
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
        self.uri = uri
        path = parts.path.removesuffix("/score").rstrip("/")
        self._base = f"{parts.scheme}://{parts.netloc}{path}"
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
            ScoringError: the service refused the rows, or could not be reached.
            IncompleteScores: so for some chunks of a large table; it holds the other results.
            TypeError: `data` is no table, or holds a value that JSON has not.
            ValueError: it holds an infinite number.
        """
        table = table_of(data)
        names = [] if table.named else list(self.columns())
        chunks = (
            (rows, _named(names, table.rows(rows.start, rows.stop)))
            for rows in ranges(len(table), self.chunk_rows)
        )
        return self._collect(self.score_chunks(chunks, parameters), len(table), table.answer)

    def score_chunks(
        self, chunks: Iterable[Chunk], parameters: Mapping[str, Any] | None = None
    ) -> Generator[tuple[Chunk, Outcome], None, None]:
        """Yield each chunk with its results, or with the error, in order.

        For tables that are too large to hold: `chunks` is read as there is room. When the
        service is gone, or refuses the client rather than the rows, no further chunk is sent
        and the last ones have no outcome.

        Args:
            chunks: numbers of rows, and these rows as dictionaries or lists.
            parameters: `GlobalParameters`.
        """

        def post(chunk: Chunk) -> Outcome:
            rows, values = chunk
            named = not values or isinstance(values[0], dict)
            body: dict[str, Any] = {"Inputs": {"data": values}} if named else {"data": values}
            if parameters:
                body["GlobalParameters"] = dict(parameters)
            return self._outcome(rows, lambda: _results(self.call(body), len(rows)))

        return self._in_order(post, chunks)

    def score_images(self, images: Sequence[Any]) -> list[dict[str, Any]]:
        """Return one answer per image, in order.

        Args:
            images: paths, bytes of image files, or arrays of pixels (uint8; height x width,
                or height x width x 3).

        Raises:
            ScoringError: the service refused an image, or could not be reached.
            IncompleteScores: so for some of many images; it holds the other answers.
            OSError: a file cannot be read.
            TypeError: an image is of none of the three kinds.
        """
        outcomes = self.score_image_chunks(images)
        answers: list[dict[str, Any]] = self._collect(outcomes, len(images), lambda found: found)
        return answers

    def score_image_chunks(
        self, images: Sequence[Any], start: int = 0
    ) -> Generator[tuple[Chunk, Outcome], None, None]:
        """Yield some images at a time with their answers, or with the error, in order.

        Args:
            images: as for `score_images`.
            start: the number of the first one to score.
        """

        def post(chunk: Chunk) -> Outcome:
            rows, part = chunk
            return self._outcome(rows, lambda: self._post_images(multipart(part, rows.start)))

        chunks = (
            (
                range(rows.start + start, rows.stop + start),
                images[rows.start + start : rows.stop + start],
            )
            for rows in ranges(len(images) - start, self.chunk_images)
        )
        return self._in_order(post, (chunk for chunk in chunks if chunk[0]))

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
                self._transport.send("GET", f"{self._base}/", retry=False, text=True)
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

    def _post_images(self, files: list[File]) -> list[Any]:
        answer = self._transport.send("POST", self.uri, files=files)
        return _results(answer if isinstance(answer, list) else [answer], len(files))

    @staticmethod
    def _outcome(rows: range, post: Callable[[], list[Any]]) -> Outcome:
        try:
            return post()
        except ScoringError as error:
            error.rows = rows
            return error

    def _in_order(
        self, post: Callable[[Chunk], Outcome], chunks: Iterable[Chunk]
    ) -> Generator[tuple[Chunk, Outcome], None, None]:
        """Yield each chunk with its outcome; stop sending when sending is of no use."""
        useless = threading.Event()
        failed_in_a_row = 0
        sent = takewhile(lambda _: not useless.is_set(), chunks)
        outcomes = in_order(post, sent, self._concurrency, self._transport.interrupted)
        with closing(outcomes):
            for chunk, outcome in outcomes:
                if isinstance(outcome, ScoringError):
                    failed_in_a_row = failed_in_a_row + 1 if outcome.retryable else 0
                    if outcome.concerns_every_request or failed_in_a_row > self._concurrency:
                        useless.set()
                else:
                    failed_in_a_row = 0
                yield chunk, outcome

    def _collect(
        self,
        outcomes: Generator[tuple[Chunk, Outcome], None, None],
        total: int,
        answer: Callable[[list[Any]], Any],
    ) -> Any:
        """Return the answer made of all results, or raise what it lacks."""
        results: list[Any] = []
        failures: list[Failure] = []
        with closing(outcomes), progress_bar(total, self._progress) as advance:
            for (rows, _), outcome in outcomes:
                if isinstance(outcome, ScoringError):
                    failures.append(Failure(rows, outcome))
                    outcome = [None] * len(rows)
                results += outcome
                advance(len(rows))
        if not failures:
            return answer(results)
        if failures[0].error is not None and len(failures[0].rows) == total:
            raise failures[0].error
        if len(results) < total:
            failures.append(Failure(range(len(results), total), None))
            results += [None] * (total - len(results))
        raise IncompleteScores(failures, answer(results), total)


def _named(names: Sequence[str], rows: list[Any]) -> list[Any]:
    """Return rows of values as records; as they are when there are no names."""
    if not names:
        return rows
    for row in rows:
        if len(row) != len(names):
            raise ValueError(
                f"A row has {len(row)} values; the service takes {len(names)}: {', '.join(names)}."
            )
    return [dict(zip(names, row, strict=True)) for row in rows]


def _results(answer: Any, expected: int) -> list[Any]:
    """Return the list of results in an answer.

    Raises:
        ScoringError: there is none, or it has not one result per row.
    """
    if isinstance(answer, dict):
        answer = next((answer[key] for key in RESULT_KEYS if key in answer), None)
    if not isinstance(answer, list):
        raise ScoringError(f"the answer has no list under {' or '.join(RESULT_KEYS)}")
    if len(answer) != expected:
        raise ScoringError(f"the answer has {len(answer)} results for {expected} rows")
    return answer
