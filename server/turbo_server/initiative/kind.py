"""Initiatives as every verb knows them that takes any key."""

from typing import get_args

from turbo_server.plan.kind import plan_kind
from turbo_server.plan.shape import Shape

from .store import initiatives
from .types import InitiativeNotFound, StatusName

SHAPE = Shape(
    name="initiative",
    letter="I",
    table=initiatives,
    statuses=get_args(StatusName),
    over=("completed", "cancelled"),
    not_found=InitiativeNotFound,
)
KIND = plan_kind(SHAPE)
