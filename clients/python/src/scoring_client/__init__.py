"""A client for Azure ML scoring services.

from scoring_client import ScoringClient

with ScoringClient("https://HOST/score", key="...") as client:
    predictions = client.score(frame)
"""

from scoring_client.client import ScoringClient
from scoring_client.description import Description
from scoring_client.errors import Failure, IncompleteScores, ScoringError, SignInFailed

__all__ = [
    "Description",
    "Failure",
    "IncompleteScores",
    "ScoringClient",
    "ScoringError",
    "SignInFailed",
]
