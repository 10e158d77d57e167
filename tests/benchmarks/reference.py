"""What to measure against: a bare page of about the same size, a POST without a database,
a page that React draws.
"""

import gzip
from pathlib import Path

from flask import Flask, Response, render_template_string, request
from flask_wtf.csrf import CSRFProtect

PAGE = """<!doctype html><html lang="nl">
<head><title>{{ title }}</title><style>{{ styles }}</style></head><body>
{% for number in numbers %}<p class="kk-paragraph">Regel {{ number }}: {{ text }}</p>{% endfor %}
<form method="post"><input type="hidden" name="csrf_token" value="{{ csrf_token() }}"></form>
</body></html>"""
TEXT = "Een gewone zin van een gewone lengte, zodat de pagina ongeveer even groot wordt."
REACT = """<!doctype html><html lang="nl">
<head><title>Pagina</title><style>{{ styles }}</style></head><body>
<div id="root"></div><script>window.LINES = {{ lines|tojson }}</script>
<script src="/react.js"></script></body></html>"""
BUNDLE = Path(__file__).parent / "react" / "page.js"
"""React and the page that it draws, as npm and a bundler made it (react/README.md)."""
PACKED = gzip.compress(BUNDLE.read_bytes())
"""Compressed once, as a server of such files does."""


def create_reference(secret: bytes, cookie: str, *, styles: int, lines: int) -> Flask:
    """`/page`: a page of `styles` characters of styles and `lines` lines, with a token.

    `/noop-post`: checks both and answers with such a page.
    """
    app = Flask(__name__)
    parts = {"styles": "x" * styles, "numbers": range(lines), "text": TEXT}
    app.config.update(
        SECRET_KEY=secret,
        SESSION_COOKIE_NAME=cookie,
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    CSRFProtect(app)

    @app.get("/page")
    def page() -> str:
        return render_template_string(PAGE, title="Pagina", **parts)

    @app.post("/noop-post")
    def noop_post() -> str:
        return render_template_string(PAGE, title=request.form["optie"], **parts)

    @app.get("/react")
    def react() -> str:
        return render_template_string(REACT, styles=parts["styles"], lines=[TEXT] * lines)

    @app.get("/react.js")
    def react_script() -> Response:
        headers = {"Content-Encoding": "gzip"}
        return Response(PACKED, mimetype="text/javascript", headers=headers)

    @app.get("/hello")
    def hello() -> str:
        return "hallo"

    return app
