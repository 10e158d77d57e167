"""The service worker: one script at the root, with the addresses of the files that it keeps."""

import json
from hashlib import sha256

from flask import Flask, Response

from kopkrakers.web import access
from kopkrakers.web.assets.files import ASK_AGAIN, StaticFile, StaticFiles, send, static_file

ADDRESS = "/werker.js"
"""A worker serves the pages under its own address, so it stands at the root."""
SCRIPT = "js/werker.js"
KEPT = (
    "css/extra.css",
    "css/print.css",
    "fonts/bricolage-grotesque-700.woff2",
    "fonts/figtree-400-700.woff2",
    "icon.svg",
    "js/getypt.js",
    "js/kopkrakers.js",
    "js/wacht.js",
    "js/zonder.js",
    "theme.css",
    "vendor/htmx.org@4.0.1/htmx.min.js",
)
"""Files that the pages of the day need."""


def install(app: Flask) -> None:
    """Serve the worker. The browser asks for it again by itself, at a visit."""
    file = service_worker(app.extensions["kopkrakers_files"])

    @access.public
    def worker() -> Response:
        return send(file, ASK_AGAIN)

    app.add_url_rule(ADDRESS, "worker", worker)


def service_worker(files: StaticFiles) -> StaticFile:
    """Return the script, with the files to keep and a version that changes with any of them."""
    script = files.text(SCRIPT)
    listed = json.dumps(files.urls(KEPT))
    version = sha256(f"{listed}{script}".encode()).hexdigest()[:12]
    beginning = f'const FILES = {listed}, VERSION = "{version}";\n'
    return static_file("werker.js", f"{beginning}{script}".encode())
