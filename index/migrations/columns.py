"""How revisions write the columns of both databases; what stands here once is never changed, as what it made exists."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

# PostgreSQL orders by code points only where it is told to, and its plain integers end at two thousand million.
LINE: Final = sa.String().with_variant(sa.Text(collation="C"), "postgresql")
TEXT: Final = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
LARGE: Final = sa.Integer().with_variant(sa.BigInteger(), "postgresql")
_CHANGES: Final = ("UPDATE", "DELETE")


def make_append_only(table: str) -> None:
    """Refuse every change of a table but new rows."""
    if op.get_bind().dialect.name == "sqlite":
        for change in _CHANGES:
            op.execute(
                f"CREATE TRIGGER {table}_refuses_{change.lower()} BEFORE {change} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for change in (*_CHANGES, "TRUNCATE"):
        op.execute(
            f"CREATE TRIGGER {table}_refuses_{change.lower()} BEFORE {change} ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
