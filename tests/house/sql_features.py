"""What the server asks of Postgres beyond plain SQL, and where: found in the texts of its modules."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.house.source_tree import ROOT
from tests.house.statements import statements

SERVER = ROOT / "server" / "turbo_server"
# In the order of the table in docs/concepts/scale.md, which names them alike.
FEATURES = {
    "full text": r"\btsvector\b|\btsquery\b|words @@",
    "a GIN index": r"^gin$",
    "the planner's estimate": r"\bexplain \(format json\)",
    "insert on conflict": r"\bon conflict\b",
    "rows locked": r"\bfor no key update\b",
    "rows passed over that are locked": r"\bskip locked\b",
    "a limit for one wait": r"\bset_config\b",
    "settings of a session": r"^(?:jit|statement_timeout|lock_timeout|idle_in_transaction_session_timeout)$",
    "a snapshot to read from": r"\brepeatable read, read only\b",
    "transaction numbers": r"\bpg_current_xact_id\b|\bpg_snapshot_x|\bpg_current_snapshot\b",
    "an advisory lock": r"\bpg_advisory_xact_lock\b",
    "JSON made and read": r"\bjson_agg\b|\bjson_array_elements\b|\bjson_to_recordset\b",
    "arrays as parameters": r"= any\(|\bunnest\(|\barray_position\(",
    "common tables": r"\bwith recursive\b|\bnot materialized\b|\bas materialized\b",
    "a lateral join": r"\bcross join lateral\b",
    "a window": r"\bover \(",
    "bytewise order": r"^C$",
    "partial indexes": r"^postgresql_where$",
    "sequences": r"\bnextval\(|\bsetval\(|\bpg_get_serial_sequence\b",
    "which database it is": r"\bcurrent_database\b|\bpg_postmaster_start_time\b|\bcurrent_schema\b",
}
# What every database has that calls its language SQL.
PLAIN = frozenset(
    {
        "all",
        "and",
        "any",
        "as",
        "case",
        "cast",
        "coalesce",
        "conflict",
        "count",
        "exists",
        "from",
        "in",
        "join",
        "length",
        "lower",
        "max",
        "min",
        "not",
        "on",
        "or",
        "over",
        "select",
        "set",
        "strpos",
        "substr",
        "sum",
        "then",
        "using",
        "values",
        "when",
        "where",
    }
)
DOCTOR = "doctor"  # which names what it looks for, and does without
_CALL = re.compile(r"(?<![\w.])([a-z_]+)\s*\(")


@cache
def found() -> dict[str, list[str]]:
    """Feature to the modules whose texts show it. Not the migrations: they repeat what tables are declared with."""
    modules = sorted(path for path in SERVER.rglob("*.py") if path.parent.name not in ("versions", DOCTOR))
    texts = {path: list(_texts(path)) for path in modules}
    return {
        feature: [
            path.relative_to(SERVER).as_posix()
            for path, said in texts.items()
            if any(re.search(pattern, text) for text in said)
        ]
        for feature, pattern in FEATURES.items()
    }


def functions() -> set[str]:
    """The functions of ready statements that not every SQL has."""
    texts = [
        re.sub(r"'[^']*'", "''", statement.postgres.lower())
        for module, statement in statements()
        if DOCTOR not in module
    ]
    called = {name for text in texts for name in _CALL.findall(text)}
    named = {
        name for text in texts for name in re.findall(r"(?:into|table|with|recursive|,)\s+(\w+)(?:\s+as)?\s*\(", text)
    }
    aliases = {name for text in texts for name in re.findall(r"\bas\s+(?:not\s+)?(?:materialized\s+)?(\w+)\s*\(", text)}
    return called - named - aliases - PLAIN


def _texts(path: Path) -> Iterator[str]:
    """All string constants but docstrings, and the names of arguments."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value
        elif isinstance(node, ast.keyword) and node.arg:
            yield node.arg
