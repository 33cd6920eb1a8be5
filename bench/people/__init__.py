"""Measures person-action search on true boxes that were made worse. See README.md."""
