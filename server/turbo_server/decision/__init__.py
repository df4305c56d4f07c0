"""Decisions: what was decided, out of which options, why, and for which files."""

from turbo_server.kit.tool import Toolset

from .tools import create_decision, update_decision

TOOLSET = Toolset("decision", "What was decided, and why.", (create_decision, update_decision))
