"""The one error of this room."""


class BadData(ValueError):
    """The table cannot be trained on; the message says where, what was found, what to do."""
