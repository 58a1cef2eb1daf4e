"""The tables of the casebook, as SQLite and PostgreSQL both keep them.

Whoever changes one adds a revision to `index/migrations/versions`; the contract tests compare the two.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import (
    JSON,
    BigInteger,
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


class _Text(TypeDecorator[str]):
    """Text on PostgreSQL, which takes no NUL: that becomes two characters, of which the first is none of any language.

    Compared and ordered by code points, as SQLite does: no database's own language may change an order.
    """

    impl = Text(collation="C")
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return value and value.replace(_ESCAPE, f"{_ESCAPE}1").replace("\0", f"{_ESCAPE}0")

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return value and value.replace(f"{_ESCAPE}0", "\0").replace(f"{_ESCAPE}1", _ESCAPE)


_ESCAPE: Final = "\ufdd0"  # a noncharacter, for a program's own use
_LINE: Final = String().with_variant(_Text(), "postgresql")
_TEXT: Final = Text().with_variant(_Text(), "postgresql")
_LARGE: Final = Integer().with_variant(BigInteger(), "postgresql")
"""SQLite's integers have 64 bits whatever they are called."""


def _of_case() -> Column[str]:
    return Column("case_id", _LINE, ForeignKey("cases.id"), primary_key=True)


cases: Final = Table(
    "cases",
    metadata,
    Column("id", _LINE, primary_key=True),
    Column("year", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("province", _LINE, nullable=False),
    Column("story", _LINE, nullable=False),
    Column("opened", Moment, nullable=False),
    Column("owner", _LINE),
    Column("agency", _LINE),
    Column("merged_into", _LINE, ForeignKey("cases.id")),
    Column("revision", Integer, nullable=False),
    UniqueConstraint("year", "number"),
    UniqueConstraint("province", "story"),
    Index(None, "province", "owner"),
)

tracks: Final = Table(
    "tracks",
    metadata,
    _of_case(),
    Column("track", _LINE, primary_key=True),
    Column("state", _LINE, nullable=False),
    Column("conclusion", _LINE),
    Column("reasoning", _TEXT),
    Column("documents", JSON(none_as_null=True)),
    Column("handling", _LINE),
    Column("result", _LINE),
    Column("dismissal", _LINE),
    Index(None, "track", "state"),
)

signs: Final = Table(
    "signs",
    metadata,
    _of_case(),
    Column("kind", _LINE, primary_key=True),
    Column("state", _LINE, nullable=False),
    Column("by", _LINE),
    Column("at", Moment),
    Column("dismissal", _LINE),
)

history: Final = Table(
    "history",
    metadata,
    _of_case(),
    Column("revision", Integer, primary_key=True),
    Column("by", _LINE, nullable=False),
    Column("at", Moment, nullable=False),
    Column("action", _LINE, nullable=False),
    Column("params", JSON, nullable=False),
    Column("note", _TEXT, nullable=False),
    Column("before", JSON(none_as_null=True)),
)

cards: Final = Table(
    "cards",
    metadata,
    _of_case(),
    Column("province", _LINE, nullable=False),
    Column("undecided", Boolean, nullable=False),
    Column("weight", Float, nullable=False),
    Column("last_change", Moment, nullable=False),
    Column("priority", _LINE, nullable=False),
    Column("channel", _LINE, nullable=False),
    Column("folded_title", _TEXT, nullable=False),
    Column("card", JSON, nullable=False),
    Index(None, "province", "undecided", "weight", "last_change"),
)

card_places: Final = Table(
    "card_places",
    metadata,
    _of_case(),
    Column("place", _LINE, primary_key=True),
    Index(None, "place"),
)

rulings: Final = Table(
    "rulings",
    metadata,
    Column("id", _LARGE, primary_key=True),
    Column("province", _LINE, nullable=False),
    Column("by", _LINE, nullable=False),
    Column("at", Moment, nullable=False),
    Column("field", _LINE, nullable=False),
    Column("value", _LINE),
    Column("story_id", _LINE),
    Column("article_id", _LINE),
    Index(None, "province", "field", "story_id", "article_id"),
)

marks: Final = Table(
    "marks",
    metadata,
    Column("province", _LINE, primary_key=True),
    Column("mark", _LINE, nullable=False),
)

sources: Final = Table(
    "sources",
    metadata,
    Column("id", _LINE, primary_key=True),
    Column("declared", JSON(none_as_null=True)),
    Column("changed", JSON, nullable=False),
    Column("by", _LINE, nullable=False),
    Column("at", Moment, nullable=False),
    Column("revision", Integer, nullable=False),
)

accounts: Final = Table(
    "accounts",
    metadata,
    Column("province", _LINE, primary_key=True),
    Column("name", _LINE, primary_key=True),
    Column("display_name", _LINE, nullable=False),
    Column("roles", JSON, nullable=False),
    Column("password_hash", _LINE, nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("locked_until", Moment),
)

sessions: Final = Table(
    "sessions",
    metadata,
    Column("token_hash", _LINE, primary_key=True),
    Column("province", _LINE, nullable=False),
    Column("name", _LINE, nullable=False),
    Column("started", Moment, nullable=False),
    Column("expires", Moment, nullable=False),
    Column("last_action", Moment, nullable=False),
    Index(None, "province", "name"),
)

tips: Final = Table(
    "tips",
    metadata,
    Column("id", _LINE, primary_key=True),
    Column("province", _LINE, nullable=False),
    Column("by", _LINE, nullable=False),
    Column("at", Moment, nullable=False),
    Column("channel", _LINE, nullable=False),
    Column("outlet", _LINE, nullable=False),
    Column("happened", Moment),
    Column("visit_id", _LINE),
    Column("article_id", _LINE),
    Column("track", _LINE),
    Column("attachments", JSON, nullable=False),
    Index(None, "province", "article_id"),
)

reporters: Final = Table(
    "reporters",
    metadata,
    Column("tip_id", _LINE, ForeignKey("tips.id"), primary_key=True),
    Column("name", _LINE, nullable=False),
    Column("contact", _LINE, nullable=False),
)

attachments: Final = Table(
    "attachments",
    metadata,
    Column("province", _LINE, primary_key=True),
    Column("sha256", _LINE, primary_key=True),
    Column("media_type", _LINE, nullable=False),
    Column("size", _LARGE, nullable=False),
    Column("name", _LINE, nullable=False),
    Column("by", _LINE, nullable=False),
    Column("at", Moment, nullable=False),
)

saved_searches: Final = Table(
    "saved_searches",
    metadata,
    Column("province", _LINE, primary_key=True),
    Column("officer", _LINE, primary_key=True),
    Column("name", _LINE, primary_key=True),
    Column("question", JSON, nullable=False),
    Column("saved", Moment, nullable=False),
)

mends: Final = Table(
    "mends",
    metadata,
    Column("id", _LARGE, primary_key=True),
    Column("province", _LINE, nullable=False),
    Column("by", _LINE, nullable=False),
    Column("at", Moment, nullable=False),
    Column("day", _LINE, nullable=False),
    Column("edition", _LINE, nullable=False),
    Column("kind", _LINE, nullable=False),
    Column("story", _LINE),
    Column("said", JSON, nullable=False),
    Index(None, "province", "day", "edition"),
    Index(None, "province", "kind", "story"),
)
"""Append-only; a trigger refuses changes."""

audit: Final = Table(
    "audit",
    metadata,
    Column("id", _LARGE, primary_key=True),
    Column("province", _LINE, nullable=False),
    Column("by", _LINE, nullable=False),
    Column("at", Moment, nullable=False),
    Column("action", _LINE, nullable=False),
    Column("subject", _LINE, nullable=False),
    Column("params", JSON, nullable=False),
    Index(None, "province", "subject"),
    sqlite_autoincrement=True,
)
"""Append-only; a trigger refuses changes. AUTOINCREMENT: an id is never given twice."""
