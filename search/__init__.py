"""ANSWER: a query in, ranked hits out. Knows no decoding, no screens."""
