"""Takes the server's folders out of texts that people see: a path becomes its last name."""

import re

# Not inside a word, an address (https://...) or another path.
FOLDERS = re.compile(r"""(?<![\w.:/~-])/(?:[^\s/'"`,;:()<>|][^/'"`,;:()<>|\n]*/)+""")


def hide_folders(text: str) -> str:
    """The text without the folders of absolute paths."""
    return FOLDERS.sub("", text)
