"""The work queue: what to take up next, and who holds what."""

from turbo_server.kit.tool import Endpoint, Toolset

from .claim_map import list_claims
from .leases import end_leases, renew_leases
from .listing import place_in_queue, show_queue
from .tools import next_issue, release_issue

TOOLSET = Toolset("queue", "What to take up next, and who works on what.", (next_issue, release_issue))
ENDPOINTS = (
    # For the program that runs beside an agent: it gives the sign of life.
    Endpoint("POST", "/v1/leases", renew_leases),
    Endpoint("DELETE", "/v1/leases", end_leases),
    # For the web page, which shows and orders more of the queue than a model reads.
    Endpoint("GET", "/v1/queue", show_queue),
    Endpoint("POST", "/v1/queue", place_in_queue),
    Endpoint("GET", "/v1/claims", list_claims),
)
