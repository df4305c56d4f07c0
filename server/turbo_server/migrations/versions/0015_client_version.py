"""Which turbo-client a key was last used by."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None
change = "expand"


def upgrade() -> None:
    op.add_column("api_keys", sa.Column("client_version", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("api_keys", "client_version")
