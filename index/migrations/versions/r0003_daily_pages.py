"""What officers say on daily pages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from index.migrations.columns import LARGE, LINE, make_append_only

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "mends",
        sa.Column("id", LARGE, nullable=False),
        sa.Column("province", LINE, nullable=False),
        sa.Column("by", LINE, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("day", LINE, nullable=False),
        sa.Column("edition", LINE, nullable=False),
        sa.Column("kind", LINE, nullable=False),
        sa.Column("story", LINE),
        sa.Column("said", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_mends"),
    )
    op.create_index("ix_mends_province_day_edition", "mends", ["province", "day", "edition"])
    op.create_index("ix_mends_province_kind_story", "mends", ["province", "kind", "story"])
    make_append_only("mends")
