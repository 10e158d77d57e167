"""Close the memory of a process to others, and keep it off the disk."""

import ctypes
import sys

PR_SET_DUMPABLE = 4
"""The request to `prctl` of Linux (linux/prctl.h)."""


# D-114
def close_memory() -> None:
    """Let no other process of the same user read the memory of this one, and no crash write it.

    For this process alone, until it starts another program. Elsewhere than on Linux it does
    nothing: there the user of the counter has to be one for nothing else.

    Raises: OSError when Linux refuses.
    """
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl refused to close the memory of this process")
