"""The first tables: cases, cards, rulings, sources, accounts, tips, attachments, audit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

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
        sa.Column("id", sa.String, nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("province", sa.String, nullable=False),
        sa.Column("story", sa.String, nullable=False),
        sa.Column("opened", _MOMENT, nullable=False),
        sa.Column("owner", sa.String),
        sa.Column("agency", sa.String),
        sa.Column("merged_into", sa.String),
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
        sa.Column("state", sa.String, nullable=False),
        sa.Column("conclusion", sa.String),
        sa.Column("reasoning", sa.Text),
        sa.Column("documents", sa.JSON),
        sa.Column("handling", sa.String),
        sa.Column("result", sa.String),
        sa.Column("dismissal", sa.String),
    )
    op.create_index("ix_tracks_track_state", "tracks", ["track", "state"])
    op.create_table(
        "signs",
        *_key_in_case("signs", "kind"),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("by", sa.String),
        sa.Column("at", _MOMENT),
        sa.Column("dismissal", sa.String),
    )
    op.create_table(
        "history",
        *_key_in_case("history", "revision", sa.Integer),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("action", sa.String, nullable=False),
        sa.Column("params", sa.JSON, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("before", sa.JSON),
    )


def _key_in_case(
    table: str, second: str, kind: type[sa.String] | type[sa.Integer] = sa.String
) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("case_id", sa.String, nullable=False),
        sa.Column(second, kind, nullable=False),
        sa.PrimaryKeyConstraint("case_id", second, name=f"pk_{table}"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=f"fk_{table}_case_id"),
    ]


def _cards() -> None:
    op.create_table(
        "cards",
        sa.Column("case_id", sa.String, nullable=False),
        sa.Column("province", sa.String, nullable=False),
        sa.Column("undecided", sa.Boolean, nullable=False),
        sa.Column("weight", sa.Float, nullable=False),
        sa.Column("last_change", _MOMENT, nullable=False),
        sa.Column("priority", sa.String, nullable=False),
        sa.Column("channel", sa.String, nullable=False),
        sa.Column("folded_title", sa.Text, nullable=False),
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
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("province", sa.String, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("field", sa.String, nullable=False),
        sa.Column("value", sa.String),
        sa.Column("story_id", sa.String),
        sa.Column("article_id", sa.String),
        sa.PrimaryKeyConstraint("id", name="pk_rulings"),
    )
    op.create_index(
        "ix_rulings_province_field_story_id_article_id", "rulings", ["province", "field", "story_id", "article_id"]
    )
    op.create_table(
        "marks",
        sa.Column("province", sa.String, nullable=False),
        sa.Column("mark", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("province", name="pk_marks"),
    )


def _people() -> None:
    op.create_table(
        "accounts",
        sa.Column("province", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("display_name", sa.String, nullable=False),
        sa.Column("roles", sa.JSON, nullable=False),
        sa.Column("password_hash", sa.String, nullable=False),
        sa.Column("disabled", sa.Boolean, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("locked_until", _MOMENT),
        sa.PrimaryKeyConstraint("province", "name", name="pk_accounts"),
    )
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.String, nullable=False),
        sa.Column("province", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("started", _MOMENT, nullable=False),
        sa.Column("expires", _MOMENT, nullable=False),
        sa.Column("last_action", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_sessions"),
    )
    op.create_index("ix_sessions_province_name", "sessions", ["province", "name"])


def _tips() -> None:
    op.create_table(
        "tips",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("province", sa.String, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("channel", sa.String, nullable=False),
        sa.Column("outlet", sa.String, nullable=False),
        sa.Column("happened", _MOMENT),
        sa.Column("visit_id", sa.String),
        sa.Column("article_id", sa.String),
        sa.Column("track", sa.String),
        sa.Column("attachments", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tips"),
    )
    op.create_index("ix_tips_province_article_id", "tips", ["province", "article_id"])
    op.create_table(
        "reporters",
        sa.Column("tip_id", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("contact", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("tip_id", name="pk_reporters"),
        sa.ForeignKeyConstraint(["tip_id"], ["tips.id"], name="fk_reporters_tip_id"),
    )
    op.create_table(
        "attachments",
        sa.Column("province", sa.String, nullable=False),
        sa.Column("sha256", sa.String, nullable=False),
        sa.Column("media_type", sa.String, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("province", "sha256", name="pk_attachments"),
    )


def _records() -> None:
    op.create_table(
        "sources",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("declared", sa.JSON),
        sa.Column("changed", sa.JSON, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sources"),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("province", sa.String, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("action", sa.String, nullable=False),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("params", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_province_subject", "audit", ["province", "subject"])
    if op.get_bind().dialect.name == "sqlite":
        for table in APPEND_ONLY:
            for change in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_refuses_{change.lower()} BEFORE {change} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
