"""Clips that every browser plays, cut from videos on demand and kept for a while."""
