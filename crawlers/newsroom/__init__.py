"""The local newsroom of demo and tests: a small real HTTP server that plays outlets on this machine."""
