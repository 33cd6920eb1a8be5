"""The kinds of joins, one file each: the model, how it fuses its children, and why."""
