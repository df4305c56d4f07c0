"""Run by Alembic, which reads `connection` from what migrate.py put into its config."""

from alembic import context

from turbo_server.migrations.oldest_code import write_oldest_code
from turbo_server.migrations.schema import is_declared, metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    compare_server_default=True,
    include_object=is_declared,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
    write_oldest_code(context.get_context(), context.script)
