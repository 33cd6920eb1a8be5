"""How the catalog's tables came to be what they are, step by step; run by `schema.upgrade`.

To change a table: change `tables.py`, add the step `versions/NNNN_what.py` after the newest, and
name it in `tables.SCHEMA`. A test compares what the steps make with what the code knows.
"""
