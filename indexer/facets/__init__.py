"""Facets of a collection: packs that were added, and the labels they give from stored vectors."""
