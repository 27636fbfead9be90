"""What a route is: method, a regular expression for host and path, and who answers."""

from collections.abc import Callable

from tests.fakes.azure.proxy import Answer, Request
from tests.fakes.azure.state import State

Route = tuple[str, str, Callable[[State, Request], Answer]]
