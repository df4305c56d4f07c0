"""What one answer has cost, in a line."""

from turbo_server.kit.database import Row

from .prices import Tokens, dollars


def tokens_of(row: Row) -> Tokens:
    return Tokens(row["input_tokens"], row["output_tokens"], row["cache_write_tokens"], row["cache_read_tokens"])


def cost_of(row: Row | None) -> str | None:
    """$0.04: 12034 tokens read (8000 of them from the cache), 812 written."""
    if row is None or not row["micros"]:
        return None
    tokens = tokens_of(row)
    cached = f" ({tokens.cache_read} of them from the cache)" if tokens.cache_read else ""
    return f"{dollars(row['micros'])}: {tokens.prompt} tokens read{cached}, {tokens.output} written"
