"""Values, and the one place that plugs the rooms together."""
