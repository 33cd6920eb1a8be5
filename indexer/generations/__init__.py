"""Derived search files: built from a collection's truth, opened for search. The one door to faiss."""
