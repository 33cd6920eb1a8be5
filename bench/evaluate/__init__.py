"""How good a search is: pure functions from ranks, runs, shots and times to figures."""
