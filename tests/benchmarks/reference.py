"""What to measure against: bare pages, a POST without a database, a page that React draws."""

import gzip
from pathlib import Path

from flask import Flask, Response, render_template_string, request, session
from flask_wtf.csrf import CSRFProtect, generate_csrf

from kopkrakers.web.assets.compress import PAGE_LEVEL

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
SMALL = {"styles": "x" * 4000, "numbers": range(40), "text": TEXT}
"""Of a page of 9 KB, half of it styles."""
SHORTEST = 500
"""Bytes from which packing makes a page shorter; as Flask-Compress has it."""
PACKED = gzip.compress(BUNDLE.read_bytes())
"""Compressed once, as a server of such files does."""


def create_reference(secret: bytes, cookie: str, *, styles: int, lines: int) -> Flask:
    """Return an application with pages to measure against.

    `/page`: a page of `styles` characters of styles and `lines` lines, with a token; `/9kb`: one of
    9 KB, as large as a plain page of most sites; `/noop-post`: checks session and token and answers
    with a page; `/hello`: five letters. Pages are packed as the product's are, at the same level.
    """
    app = Flask(__name__)
    long_styles = "x" * styles
    parts = {"styles": long_styles, "numbers": range(lines), "text": TEXT}
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

    @app.get("/9kb")
    def small_page() -> str:
        return render_template_string(PAGE, title="Pagina", **SMALL)

    @app.post("/noop-post")
    def noop_post() -> str:
        return render_template_string(PAGE, title=request.form["optie"], **parts)

    @app.get("/hello")
    def hello() -> str:
        return "hallo"

    add_react(app, long_styles, lines)
    app.after_request(pack)
    return app


def ticket_of(app: Flask) -> tuple[str, str]:
    """Return a cookie and a form token that this application takes.

    The product seals its cookies, and Flask does not: neither reads what the other made.
    """
    with app.test_request_context():
        token = generate_csrf()
        signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        return f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps(dict(session))}", token


def add_react(app: Flask, styles: str, lines: int) -> None:
    """Add a page of `lines` lines that React draws, and its script."""

    @app.get("/react")
    def react() -> str:
        return render_template_string(REACT, styles=styles, lines=[TEXT] * lines)

    @app.get("/react.js")
    def react_script() -> Response:
        headers = {"Content-Encoding": "gzip"}
        return Response(PACKED, mimetype="text/javascript", headers=headers)


def pack(response: Response) -> Response:
    """Compress a page as the product does, if the browser takes that."""
    asked = request.accept_encodings.quality("gzip") > 0
    if asked and response.mimetype == "text/html" and len(response.get_data()) > SHORTEST:
        response.set_data(gzip.compress(response.get_data(), PAGE_LEVEL))
        response.headers["Content-Encoding"] = "gzip"
    return response
