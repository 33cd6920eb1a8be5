"""Simulated users of a search engine: they type, look, overlook, browse, submit, try again."""
