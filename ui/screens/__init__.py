"""One screen per file; what several share has files of its own."""
