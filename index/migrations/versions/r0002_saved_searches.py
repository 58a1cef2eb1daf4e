"""The searches that officers keep."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from index.migrations.columns import LINE

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "saved_searches",
        sa.Column("province", LINE, nullable=False),
        sa.Column("officer", LINE, nullable=False),
        sa.Column("name", LINE, nullable=False),
        sa.Column("question", sa.JSON, nullable=False),
        sa.Column("saved", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("province", "officer", "name", name="pk_saved_searches"),
    )
