"""Projects: the places that issues belong to."""

from turbo_server.kit.tool import Toolset

from .tools import create_project, list_projects

TOOLSET = Toolset("project", "Projects and their keys.", (list_projects, create_project))
