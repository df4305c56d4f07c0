"""Webhooks as their owners see them, and what can go wrong with one."""

from turbo_server.activity.feed import EventShown
from turbo_server.kit.errors import Conflict, NotFound
from turbo_server.kit.schema import Moment, Result

MOST_WEBHOOKS = 20  # of a workspace


class WebhookShown(Result):
    """`kinds`, `actions` and `projects` are left out where there is no such filter. `waiting` and `dead` count
    deliveries; `paused` says why nothing is sent."""

    id: int
    name: str
    url: str
    person: str
    kinds: list[str] | None = None
    actions: list[str] | None = None
    projects: list[str] | None = None
    created_at: Moment
    failing_since: Moment | None = None
    waiting: int
    dead: int
    paused: str | None = None


class Webhooks(Result):
    items: list[WebhookShown]


class NewWebhook(Result):
    """`secret` is shown once and stored nowhere."""

    id: int
    name: str
    url: str
    secret: str


class WebhookReceipt(Result):
    id: int
    name: str
    deleted: bool


class TestReceipt(Result):
    """`delivery` is under way: the list of deliveries tells what became of it."""

    id: int
    delivery: int


class DeliveryShown(Result):
    """`event` is left out for a test. `status` is that of the last answer; `message` is the webhook-id header."""

    id: int
    message: str
    event: int | None = None
    state: str
    attempts: int
    status: int | None = None
    error: str | None = None
    created_at: Moment
    attempted_at: Moment | None = None


class Deliveries(Result):
    """Newest first; `before` of the next page is the id of the last one."""

    items: list[DeliveryShown]
    more: bool


class Redelivered(Result):
    deliveries: int


class Message(Result):
    """What is sent. `sequence` grows with the order in which things happened; `data` is left out of a test."""

    type: str
    timestamp: Moment
    workspace: str
    webhook: int
    sequence: int
    url: str | None = None
    data: EventShown | None = None


class WebhookNotFound(NotFound):
    code = "webhook_not_found"

    def __init__(self, webhook_id: int) -> None:
        super().__init__(f"There is no webhook {webhook_id}.", "GET /v1/webhooks lists those of this workspace.")


class TooManyWebhooks(Conflict):
    code = "too_many_webhooks"

    def __init__(self) -> None:
        super().__init__(
            f"This workspace has {MOST_WEBHOOKS} webhooks already.",
            "Delete one that nobody needs, or widen its filter.",
        )
