"""Writes articles: asks sources politely, reads what comes, keeps what is new."""
