"""The first tables: cases, cards, rulings, sources, accounts, tips, attachments, audit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from index.migrations.columns import LARGE, LINE, TEXT, make_append_only

revision = "0001"
down_revision = None

_MOMENT = sa.DateTime(timezone=True)
APPEND_ONLY = ("audit", "history")


def upgrade() -> None:
    _cases()
    _cards()
    _people()
    _tips()
    _records()


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", LINE, nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("province", LINE, nullable=False),
        sa.Column("story", LINE, nullable=False),
        sa.Column("opened", _MOMENT, nullable=False),
        sa.Column("owner", LINE),
        sa.Column("agency", LINE),
        sa.Column("merged_into", LINE),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
        sa.ForeignKeyConstraint(["merged_into"], ["cases.id"], name="fk_cases_merged_into"),
        sa.UniqueConstraint("year", "number", name="uq_cases_year_number"),
        sa.UniqueConstraint("province", "story", name="uq_cases_province_story"),
    )
    op.create_index("ix_cases_province_owner", "cases", ["province", "owner"])
    op.create_table(
        "tracks",
        *_key_in_case("tracks", "track"),
        sa.Column("state", LINE, nullable=False),
        sa.Column("conclusion", LINE),
        sa.Column("reasoning", TEXT),
        sa.Column("documents", sa.JSON),
        sa.Column("handling", LINE),
        sa.Column("result", LINE),
        sa.Column("dismissal", LINE),
    )
    op.create_index("ix_tracks_track_state", "tracks", ["track", "state"])
    op.create_table(
        "signs",
        *_key_in_case("signs", "kind"),
        sa.Column("state", LINE, nullable=False),
        sa.Column("by", LINE),
        sa.Column("at", _MOMENT),
        sa.Column("dismissal", LINE),
    )
    op.create_table(
        "history",
        *_key_in_case("history", "revision", sa.Integer),
        sa.Column("by", LINE, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("action", LINE, nullable=False),
        sa.Column("params", sa.JSON, nullable=False),
        sa.Column("note", TEXT, nullable=False),
        sa.Column("before", sa.JSON),
    )


def _key_in_case(
    table: str, second: str, kind: sa.types.TypeEngine[str] | type[sa.Integer] = LINE
) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("case_id", LINE, nullable=False),
        sa.Column(second, kind, nullable=False),
        sa.PrimaryKeyConstraint("case_id", second, name=f"pk_{table}"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=f"fk_{table}_case_id"),
    ]


def _cards() -> None:
    op.create_table(
        "cards",
        sa.Column("case_id", LINE, nullable=False),
        sa.Column("province", LINE, nullable=False),
        sa.Column("undecided", sa.Boolean, nullable=False),
        sa.Column("weight", sa.Float, nullable=False),
        sa.Column("last_change", _MOMENT, nullable=False),
        sa.Column("priority", LINE, nullable=False),
        sa.Column("channel", LINE, nullable=False),
        sa.Column("folded_title", TEXT, nullable=False),
        sa.Column("card", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("case_id", name="pk_cards"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_cards_case_id"),
    )
    op.create_index(
        "ix_cards_province_undecided_weight_last_change", "cards", ["province", "undecided", "weight", "last_change"]
    )
    op.create_table("card_places", *_key_in_case("card_places", "place"))
    op.create_index("ix_card_places_place", "card_places", ["place"])
    op.create_table(
        "rulings",
        sa.Column("id", LARGE, nullable=False),
        sa.Column("province", LINE, nullable=False),
        sa.Column("by", LINE, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("field", LINE, nullable=False),
        sa.Column("value", LINE),
        sa.Column("story_id", LINE),
        sa.Column("article_id", LINE),
        sa.PrimaryKeyConstraint("id", name="pk_rulings"),
    )
    op.create_index(
        "ix_rulings_province_field_story_id_article_id", "rulings", ["province", "field", "story_id", "article_id"]
    )
    op.create_table(
        "marks",
        sa.Column("province", LINE, nullable=False),
        sa.Column("mark", LINE, nullable=False),
        sa.PrimaryKeyConstraint("province", name="pk_marks"),
    )


def _people() -> None:
    op.create_table(
        "accounts",
        sa.Column("province", LINE, nullable=False),
        sa.Column("name", LINE, nullable=False),
        sa.Column("display_name", LINE, nullable=False),
        sa.Column("roles", sa.JSON, nullable=False),
        sa.Column("password_hash", LINE, nullable=False),
        sa.Column("disabled", sa.Boolean, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("locked_until", _MOMENT),
        sa.PrimaryKeyConstraint("province", "name", name="pk_accounts"),
    )
    op.create_table(
        "sessions",
        sa.Column("token_hash", LINE, nullable=False),
        sa.Column("province", LINE, nullable=False),
        sa.Column("name", LINE, nullable=False),
        sa.Column("started", _MOMENT, nullable=False),
        sa.Column("expires", _MOMENT, nullable=False),
        sa.Column("last_action", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_sessions"),
    )
    op.create_index("ix_sessions_province_name", "sessions", ["province", "name"])


def _tips() -> None:
    op.create_table(
        "tips",
        sa.Column("id", LINE, nullable=False),
        sa.Column("province", LINE, nullable=False),
        sa.Column("by", LINE, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("channel", LINE, nullable=False),
        sa.Column("outlet", LINE, nullable=False),
        sa.Column("happened", _MOMENT),
        sa.Column("visit_id", LINE),
        sa.Column("article_id", LINE),
        sa.Column("track", LINE),
        sa.Column("attachments", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tips"),
    )
    op.create_index("ix_tips_province_article_id", "tips", ["province", "article_id"])
    op.create_table(
        "reporters",
        sa.Column("tip_id", LINE, nullable=False),
        sa.Column("name", LINE, nullable=False),
        sa.Column("contact", LINE, nullable=False),
        sa.PrimaryKeyConstraint("tip_id", name="pk_reporters"),
        sa.ForeignKeyConstraint(["tip_id"], ["tips.id"], name="fk_reporters_tip_id"),
    )
    op.create_table(
        "attachments",
        sa.Column("province", LINE, nullable=False),
        sa.Column("sha256", LINE, nullable=False),
        sa.Column("media_type", LINE, nullable=False),
        sa.Column("size", LARGE, nullable=False),
        sa.Column("name", LINE, nullable=False),
        sa.Column("by", LINE, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("province", "sha256", name="pk_attachments"),
    )


def _records() -> None:
    op.create_table(
        "sources",
        sa.Column("id", LINE, nullable=False),
        sa.Column("declared", sa.JSON),
        sa.Column("changed", sa.JSON, nullable=False),
        sa.Column("by", LINE, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sources"),
    )
    op.create_table(
        "audit",
        sa.Column("id", LARGE, nullable=False),
        sa.Column("province", LINE, nullable=False),
        sa.Column("by", LINE, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("action", LINE, nullable=False),
        sa.Column("subject", LINE, nullable=False),
        sa.Column("params", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_province_subject", "audit", ["province", "subject"])
    for table in APPEND_ONLY:
        make_append_only(table)
