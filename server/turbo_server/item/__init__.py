"""Whatever has a key: read by it, without saying which kind it is."""

from turbo_server.kit.tool import Toolset

from .lists import list_items
from .tools import get_item

TOOLSET = Toolset("item", "Anything that has a key.", (get_item, list_items))
