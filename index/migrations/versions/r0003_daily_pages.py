"""What officers say on daily pages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "mends",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("province", sa.String, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("day", sa.String, nullable=False),
        sa.Column("edition", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("story", sa.String),
        sa.Column("said", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_mends"),
    )
    op.create_index("ix_mends_province_day_edition", "mends", ["province", "day", "edition"])
    op.create_index("ix_mends_province_kind_story", "mends", ["province", "kind", "story"])
    if op.get_bind().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER mends_refuses_{change.lower()} BEFORE {change} ON mends "
                "BEGIN SELECT RAISE(ABORT, 'mends is append-only'); END"
            )
