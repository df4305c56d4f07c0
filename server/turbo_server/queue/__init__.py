"""The work queue: what to take up next, and who holds what."""

from turbo_server.kit.tool import Endpoint, Toolset

from .leases import end_leases, renew_leases
from .tools import next_issue, release_issue

TOOLSET = Toolset("queue", "What to take up next, and who works on what.", (next_issue, release_issue))
# For the program that runs beside an agent: it gives the sign of life.
ENDPOINTS = (Endpoint("POST", "/v1/leases", renew_leases), Endpoint("DELETE", "/v1/leases", end_leases))
