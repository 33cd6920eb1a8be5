"""How `index` works: plan what to read, read ahead, run the analyzers, commit each whole video.

planning -> readahead + passage -> runner -> committing, driven by indexing. Knows no command line.
"""
