"""Comments: what people and agents say about an item."""

from turbo_server.kit.tool import Toolset

from .tools import add_comment

TOOLSET = Toolset("comment", "What is said about an item.", (add_comment,))
