"""The HTTP API of one collection: the only place that knows FastAPI."""
