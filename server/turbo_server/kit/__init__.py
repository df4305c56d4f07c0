"""Machinery with no word of the domain: tools, the runner, the database, paging, errors."""
