"""One Alembic history for the whole schema; the tables are declared in the entities' store.py."""
