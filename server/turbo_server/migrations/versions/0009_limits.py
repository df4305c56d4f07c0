"""What keys and addresses have used up of their limits."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "allowances",
        sa.Column("subject", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("full_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_allowances")),
    )
    op.create_index("ix_allowances_full_at", "allowances", ["full_at"])


def downgrade() -> None:
    op.drop_table("allowances")
