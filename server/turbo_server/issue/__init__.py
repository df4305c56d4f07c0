"""Issues: the work itself."""

from turbo_server.kit.tool import Toolset

from .bulk import create_issues
from .lists import list_issues
from .tools import create_issue, update_issue

TOOLSET = Toolset("issue", "Issues: find, create, change.", (list_issues, create_issue, update_issue, create_issues))
