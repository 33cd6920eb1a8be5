"""What searchers said of persons: the second store of a collection."""
