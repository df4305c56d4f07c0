"""Whatever has a key: read by it, without saying which kind it is."""

from turbo_server.kit.tool import Toolset

from .tools import get_item

TOOLSET = Toolset("item", "Anything that has a key.", (get_item,))
