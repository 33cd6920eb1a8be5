"""The kinds of leaves, one file each: the model, what it says of every row, and why."""
