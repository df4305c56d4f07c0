"""The metadata with every entity's tables in it: what the migrations must add up to."""

from turbo_server.account import key_store as _keys
from turbo_server.account import people_store as _people
from turbo_server.account import session_store as _sessions
from turbo_server.account import store as _account
from turbo_server.activity import store as _activity
from turbo_server.audit import store as _audit
from turbo_server.comment import store as _comment
from turbo_server.decision import store as _decision
from turbo_server.document import store as _document
from turbo_server.initiative import store as _initiative
from turbo_server.issue import store as _issue
from turbo_server.job import store as _job
from turbo_server.kit import allowance as _allowance
from turbo_server.kit import idempotency as _idempotency
from turbo_server.kit.tables import declare_waiting, metadata
from turbo_server.mentor.answering import proposal_store as _proposal
from turbo_server.mentor.answering import store as _answering
from turbo_server.mentor.conversation import store as _conversation
from turbo_server.mentor.persona import store as _mentor
from turbo_server.milestone import store as _milestone
from turbo_server.project import access_store as _access
from turbo_server.project import store as _project
from turbo_server.queue import store as _queue
from turbo_server.relation import store as _relation
from turbo_server.search import store as _search
from turbo_server.transfer import store as _transfer
from turbo_server.view import store as _view
from turbo_server.webhook import store as _webhook
from turbo_server.work_log import store as _work_log

STORES = (
    _account, _keys, _people, _sessions, _access, _project, _issue, _comment, _work_log,
    _initiative, _milestone, _decision, _document, _relation, _activity, _queue,
    _transfer, _search, _idempotency, _audit, _allowance, _job, _webhook, _mentor,
    _conversation, _answering, _proposal, _view,
)  # fmt: skip
declare_waiting()


def is_declared(_object: object, name: str | None, kind: str, *_rest: object) -> bool:
    """For Alembic's comparison, which knows no index of one database only: Postgres has the words under GIN, SQLite in
    an FTS5 table with tables of its own making."""
    is_of_one = (kind, name) == ("index", "ix_search_entries_words")
    return not is_of_one and not (kind == "table" and str(name).startswith("search_index"))


__all__ = ["STORES", "is_declared", "metadata"]
