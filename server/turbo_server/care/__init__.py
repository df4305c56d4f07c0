"""Putting away, bringing back and taking back: nothing that a tool did is lost."""

from turbo_server.kit.tool import Toolset

from .archive import archive_item, restore_item
from .undo import undo

TOOLSET = Toolset("care", "Putting away, bringing back, taking back.", (archive_item, restore_item, undo))
