"""The bare framework to measure against: a page of about the same size, and a POST that touches no database."""

from flask import Flask, render_template_string, request
from flask_wtf.csrf import CSRFProtect

PAGE = """<!doctype html><html lang="nl"><head><title>{{ title }}</title><style>{{ styles }}</style></head><body>
{% for number in numbers %}<p class="kk-paragraph">Regel {{ number }}: {{ text }}</p>{% endfor %}
<form method="post"><input type="hidden" name="csrf_token" value="{{ csrf_token() }}"></form></body></html>"""
TEXT = "Een gewone zin van een gewone lengte, zodat de pagina ongeveer even groot wordt."


def create_reference(secret: str, cookie: str, *, styles: int, lines: int) -> Flask:
    """`/page`: a page of `styles` signs of styles and `lines` lines, with a session and a token.

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

    @app.get("/hello")
    def hello() -> str:
        return "hallo"

    return app
