"""What our parameter types share: every value is checked before it is converted.

inference-schema asks a type to convert only what is no instance of its `sample_data_type`
already, looks into dictionaries and lists by itself, and raises bare ValueErrors there. Our
types name a class that no value is an instance of, so that they see every value whole, know
its path, and say what is wrong with it.
"""

from __future__ import annotations

from typing import Any

from scoring.errors import TooLarge
from scoring.problems import Problems, describe
from scoring.settings import Settings


class Nothing:
    """No value is an instance of this."""


class CheckedType:
    """Mixed into a parameter type of inference-schema, before it in the bases."""

    #: Where a value is when nobody said: `scoring.parameters.decorators.input_schema` does.
    default_path = "input"

    sample_data_type: type
    #: Limits; the defaults stand until `use` brings the service's.
    settings: Settings = Settings()
    #: Whether whoever made it gave it limits of its own.
    has_own_settings = False

    def set_up(self, settings: Settings | None) -> None:
        """Have every value checked, within limits of its own where there are any."""
        self.sample_data_type = Nothing
        if settings is not None:
            self.settings, self.has_own_settings = settings, True

    def use(self, settings: Settings) -> None:
        """Take the limits of the service, unless this type was given its own.

        `scoring.parameters.input_schema` calls it with those of the environment.
        """
        if not self.has_own_settings:
            self.settings = settings

    def deserialize_input(self, input_data: Any) -> Any:
        """Check and convert, as inference-schema's own decorator asks for it."""
        return self.convert(input_data, self.default_path)

    def convert(self, value: Any, where: str) -> Any:
        """Return the value as what the model reads.

        Args:
            value: what arrived, as parsed from JSON.
            where: its path from the top of the body; empty for the body itself.

        Raises:
            InvalidInput: naming what does not match the sample.
            TooLarge: a limit is exceeded.
        """
        problems = Problems(where)
        result = self.check(value, where, problems)
        problems.raise_any()
        return result

    def check(self, value: Any, where: str, problems: Problems) -> Any:
        """Return the value converted; on a mismatch add to `problems`, the result is nothing then.

        Raises:
            TooLarge: a limit is exceeded.
        """
        raise NotImplementedError

    @property
    def expected(self) -> str:
        """What an error says was expected where there is nothing."""
        kind = str(self.input_to_swagger().get("type", "a value"))
        return f"an {kind}" if kind in ("array", "object") else kind

    def input_to_swagger(self) -> dict[str, Any]:
        """Return the Swagger schema with an example that the service accepts."""
        raise NotImplementedError

    def supported_versions(self) -> list[str]:
        """Return the Swagger versions the schema is valid in: all, as extensions say the rest."""
        return ["2.0", "3.0", "3.1"]

    @staticmethod
    def never_silent(before: int, value: Any, where: str, problems: Problems) -> None:
        """Refuse a value for which no cell is to blame, so that it cannot pass unconverted."""
        if problems.total == before:
            problems.add(where, where, "values like the sample's", describe(value))

    def limit(self, where: str, rows: int, cells: int) -> None:
        """Refuse what is too large to be converted.

        Raises:
            TooLarge: naming the limit and the setting that raises it.
        """
        settings = self.settings
        if rows > settings.max_rows:
            raise TooLarge(
                f"{where or 'The body'} has {rows} rows; the limit is {settings.max_rows}. Send "
                "fewer rows per request, or let the operator raise SCORING_MAX_ROWS."
            )
        if cells > settings.max_cells:
            raise TooLarge(
                f"{where or 'The body'} has {cells} cells; the limit is {settings.max_cells}. "
                "Send fewer rows per request, or let the operator raise SCORING_MAX_CELLS."
            )
