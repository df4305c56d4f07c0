"""Milestones: a day by which a set of issues should be done."""

from turbo_server.kit.tool import Toolset

from .tools import create_milestone, update_milestone

TOOLSET = Toolset("milestone", "Days by which issues should be done.", (create_milestone, update_milestone))
