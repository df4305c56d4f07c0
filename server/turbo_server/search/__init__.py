"""Search: every item, comment and piece of logged work, found by its words."""

from turbo_server.kit.tool import Toolset

from .tools import search

TOOLSET = Toolset("search", "Everything, by its words.", (search,))
