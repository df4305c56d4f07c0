"""The oldest code that may run on this schema: what tells a server that is older than its database whether it may.

It only adds, and yet it ends what came before: code from before refuses every schema that is not its own.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None
change = "contract"


def upgrade() -> None:
    op.add_column("alembic_version", sa.Column("oldest_code", sa.Text(), server_default="0010", nullable=False))


def downgrade() -> None:
    op.drop_column("alembic_version", "oldest_code")
