"""Other engines over the same vectors, measured beside ours; none of them is a dependency."""
