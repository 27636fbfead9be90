"""The one error of this room."""


class BadEstimator(ValueError):
    """What is asked for cannot be trained; the message says what there is and what to do."""
