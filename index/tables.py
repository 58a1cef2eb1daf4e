"""The tables of the casebook, as SQLite and PostgreSQL both keep them.

Whoever changes one adds a revision to `index/migrations/versions`; the contract tests compare the two.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

metadata: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """A time with its zone, kept as UTC. SQLite has no zones and would forget it. Refuses naive times."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive time")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _of_case() -> Column[str]:
    return Column("case_id", String, ForeignKey("cases.id"), primary_key=True)


cases: Final = Table(
    "cases",
    metadata,
    Column("id", String, primary_key=True),
    Column("year", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("province", String, nullable=False),
    Column("story", String, nullable=False),
    Column("opened", Moment, nullable=False),
    Column("owner", String),
    Column("agency", String),
    Column("merged_into", String, ForeignKey("cases.id")),
    Column("revision", Integer, nullable=False),
    UniqueConstraint("year", "number"),
    UniqueConstraint("province", "story"),
    Index(None, "province", "owner"),
)

tracks: Final = Table(
    "tracks",
    metadata,
    _of_case(),
    Column("track", String, primary_key=True),
    Column("state", String, nullable=False),
    Column("conclusion", String),
    Column("reasoning", Text),
    Column("documents", JSON(none_as_null=True)),
    Column("handling", String),
    Column("result", String),
    Column("dismissal", String),
    Index(None, "track", "state"),
)

signs: Final = Table(
    "signs",
    metadata,
    _of_case(),
    Column("kind", String, primary_key=True),
    Column("state", String, nullable=False),
    Column("by", String),
    Column("at", Moment),
    Column("dismissal", String),
)

history: Final = Table(
    "history",
    metadata,
    _of_case(),
    Column("revision", Integer, primary_key=True),
    Column("by", String, nullable=False),
    Column("at", Moment, nullable=False),
    Column("action", String, nullable=False),
    Column("params", JSON, nullable=False),
    Column("note", Text, nullable=False),
    Column("before", JSON(none_as_null=True)),
)

cards: Final = Table(
    "cards",
    metadata,
    _of_case(),
    Column("province", String, nullable=False),
    Column("undecided", Boolean, nullable=False),
    Column("weight", Float, nullable=False),
    Column("last_change", Moment, nullable=False),
    Column("priority", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("folded_title", Text, nullable=False),
    Column("card", JSON, nullable=False),
    Index(None, "province", "undecided", "weight", "last_change"),
)

card_places: Final = Table(
    "card_places",
    metadata,
    _of_case(),
    Column("place", String, primary_key=True),
    Index(None, "place"),
)

rulings: Final = Table(
    "rulings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("province", String, nullable=False),
    Column("by", String, nullable=False),
    Column("at", Moment, nullable=False),
    Column("field", String, nullable=False),
    Column("value", String),
    Column("story_id", String),
    Column("article_id", String),
    Index(None, "province", "field", "story_id", "article_id"),
)

marks: Final = Table(
    "marks",
    metadata,
    Column("province", String, primary_key=True),
    Column("mark", String, nullable=False),
)

sources: Final = Table(
    "sources",
    metadata,
    Column("id", String, primary_key=True),
    Column("declared", JSON(none_as_null=True)),
    Column("changed", JSON, nullable=False),
    Column("by", String, nullable=False),
    Column("at", Moment, nullable=False),
    Column("revision", Integer, nullable=False),
)

accounts: Final = Table(
    "accounts",
    metadata,
    Column("province", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("display_name", String, nullable=False),
    Column("roles", JSON, nullable=False),
    Column("password_hash", String, nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("locked_until", Moment),
)

sessions: Final = Table(
    "sessions",
    metadata,
    Column("token_hash", String, primary_key=True),
    Column("province", String, nullable=False),
    Column("name", String, nullable=False),
    Column("started", Moment, nullable=False),
    Column("expires", Moment, nullable=False),
    Column("last_action", Moment, nullable=False),
    Index(None, "province", "name"),
)

tips: Final = Table(
    "tips",
    metadata,
    Column("id", String, primary_key=True),
    Column("province", String, nullable=False),
    Column("by", String, nullable=False),
    Column("at", Moment, nullable=False),
    Column("channel", String, nullable=False),
    Column("outlet", String, nullable=False),
    Column("happened", Moment),
    Column("visit_id", String),
    Column("article_id", String),
    Column("track", String),
    Column("attachments", JSON, nullable=False),
    Index(None, "province", "article_id"),
)

reporters: Final = Table(
    "reporters",
    metadata,
    Column("tip_id", String, ForeignKey("tips.id"), primary_key=True),
    Column("name", String, nullable=False),
    Column("contact", String, nullable=False),
)

attachments: Final = Table(
    "attachments",
    metadata,
    Column("province", String, primary_key=True),
    Column("sha256", String, primary_key=True),
    Column("media_type", String, nullable=False),
    Column("size", Integer, nullable=False),
    Column("name", String, nullable=False),
    Column("by", String, nullable=False),
    Column("at", Moment, nullable=False),
)

saved_searches: Final = Table(
    "saved_searches",
    metadata,
    Column("province", String, primary_key=True),
    Column("officer", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("question", JSON, nullable=False),
    Column("saved", Moment, nullable=False),
)

mends: Final = Table(
    "mends",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("province", String, nullable=False),
    Column("by", String, nullable=False),
    Column("at", Moment, nullable=False),
    Column("day", String, nullable=False),
    Column("edition", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("story", String),
    Column("said", JSON, nullable=False),
    Index(None, "province", "day", "edition"),
    Index(None, "province", "kind", "story"),
)
"""Append-only; a trigger refuses changes."""

audit: Final = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("province", String, nullable=False),
    Column("by", String, nullable=False),
    Column("at", Moment, nullable=False),
    Column("action", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("params", JSON, nullable=False),
    Index(None, "province", "subject"),
    sqlite_autoincrement=True,
)
"""Append-only; a trigger refuses changes. AUTOINCREMENT: an id is never given twice."""
