"""Derived search files: built from a collection's truth, opened for search; the door to faiss."""
