"""The made world: animated films in which everything is known, with their truth."""
