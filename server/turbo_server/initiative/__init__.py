"""Initiatives: what several issues, of one project or more, add up to."""

from turbo_server.kit.tool import Toolset

from .tools import create_initiative, update_initiative

TOOLSET = Toolset("initiative", "Goals that issues add up to.", (create_initiative, update_initiative))
