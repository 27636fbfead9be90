"""The one error of this package."""


class NotServable(ValueError):
    """The model cannot be served as it is; the message says why and what to do."""
