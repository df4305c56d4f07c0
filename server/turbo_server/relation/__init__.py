"""Relations: how items of any kinds hang together."""

from turbo_server.kit.tool import Toolset

from .tools import link_items

TOOLSET = Toolset("relation", "How items hang together.", (link_items,))
