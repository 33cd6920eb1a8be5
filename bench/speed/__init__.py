"""How fast the product answers, as ratios to peers and to the machine's limit in the same run."""
