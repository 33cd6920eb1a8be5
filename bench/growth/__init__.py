"""A collection of V3C's size grows while it is searched."""
