"""Documents: markdown with versions."""

from turbo_server.kit.tool import Toolset

from .tools import create_document, update_document

TOOLSET = Toolset("document", "Documents: markdown, in versions.", (create_document, update_document))
