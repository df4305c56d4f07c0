"""Where things stand: one call, one screen."""

from turbo_server.kit.tool import Toolset

from .tools import get_status

TOOLSET = Toolset("overview", "Where things stand.", (get_status,))
