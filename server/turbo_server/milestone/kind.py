"""Milestones as every verb knows them that takes any key."""

from typing import get_args

from turbo_server.plan.kind import plan_kind
from turbo_server.plan.shape import Shape

from .store import milestones
from .types import MilestoneNotFound, StatusName

SHAPE = Shape(
    name="milestone",
    letter="M",
    table=milestones,
    statuses=get_args(StatusName),
    over=("closed",),
    not_found=MilestoneNotFound,
)
KIND = plan_kind(SHAPE)
