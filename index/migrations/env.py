"""Alembic's entrance, called in the transaction that `Casebook.open` has begun."""

from __future__ import annotations

from alembic import context

from index.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
