"""The metadata with every entity's tables in it: what the migrations must add up to."""

from turbo_server.account import store as _account
from turbo_server.comment import store as _comment
from turbo_server.issue import store as _issue
from turbo_server.kit.tables import metadata
from turbo_server.project import store as _project
from turbo_server.work_log import store as _work_log

STORES = (_account, _project, _issue, _comment, _work_log)

__all__ = ["STORES", "metadata"]
