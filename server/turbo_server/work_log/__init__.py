"""Work logs: what was done, when, by whom, on which machine and in which session."""

from turbo_server.kit.tool import Toolset

from .tools import log_work

TOOLSET = Toolset("work_log", "What was done.", (log_work,))
