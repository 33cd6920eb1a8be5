"""FILL: videos in, a collection on disk out. Knows no queries, ranking, HTTP."""
