"""Where the Chromium of this machine is."""

import shutil


def chromium() -> str:
    """The same engine without windows around the pages, a third of the work;
    else the whole browser.
    """
    return (
        shutil.which("chromium-headless-shell") or shutil.which("chromium") or "/usr/bin/chromium"
    )
