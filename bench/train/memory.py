"""Makes the C library keep memory that torch gives back, which it asks for again at once.

Without it each step's large arrays are new pages of the system, to be filled with zeros first: a
quarter of the time of a step. Knows glibc; elsewhere it does nothing.
"""

import ctypes

_TRIM_THRESHOLD, _TOP_PAD, _MMAP_MAX = -1, -2, -4  # of glibc's malloc.h
_PAD_BYTES = 256 * 2**20


def keep_memory() -> bool:
    """Ask for it, for the rest of this process; whether it was granted."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):  # another C library, or none to be asked
        return False
    wishes = ((_MMAP_MAX, 0), (_TRIM_THRESHOLD, 2**31 - 1), (_TOP_PAD, _PAD_BYTES))
    return all(mallopt(what, value) == 1 for what, value in wishes)
