"""Reads articles and writes what it found: places, topics, stories and signs."""
