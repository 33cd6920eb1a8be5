"""LOOK: pixels and sound in, findings out. Knows no ids, SQL, files of a collection, HTTP."""
