"""What to measure against: a bare page of about the same size, a POST without a database,
a scripted page.
"""

from flask import Flask, Response, render_template_string, request
from flask_wtf.csrf import CSRFProtect

PAGE = """<!doctype html><html lang="nl">
<head><title>{{ title }}</title><style>{{ styles }}</style></head><body>
{% for number in numbers %}<p class="kk-paragraph">Regel {{ number }}: {{ text }}</p>{% endfor %}
<form method="post"><input type="hidden" name="csrf_token" value="{{ csrf_token() }}"></form>
</body></html>"""
TEXT = "Een gewone zin van een gewone lengte, zodat de pagina ongeveer even groot wordt."
SCRIPTED = """<!doctype html><html lang="nl">
<head><title>Pagina</title><style>{{ styles }}</style></head><body>
<div id="root"></div><script src="/scripted.js"></script></body></html>"""
SCRIPT_BYTES = 163 * 1024
"""The transferred size of the page that shared measurements compare with."""


def script(lines: int) -> str:
    """So many bytes of small functions that all run once, and then draw the page:
    a stand-in for a framework's.
    """
    draw = f"""for (let i = 0; i < {lines}; i++) {{ const p = document.createElement("p");
      p.textContent = "{TEXT}"; document.getElementById("root").append(p) }}"""
    parts: list[str] = []
    while sum(map(len, parts)) < SCRIPT_BYTES - len(draw):
        name = f"part{len(parts)}"
        body = f"const b={{a,next:[a*{len(parts)},a%7]}};return b.next.map(c=>c+a)"
        parts.append(f"function {name}(a){{{body}}}{name}(3);\n")
    return "".join(parts) + draw


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

    @app.get("/scripted")
    def scripted() -> str:
        return render_template_string(SCRIPTED, styles=parts["styles"])

    drawn = script(lines)

    @app.get("/scripted.js")
    def scripted_js() -> Response:
        return Response(drawn, mimetype="text/javascript")

    @app.get("/hello")
    def hello() -> str:
        return "hallo"

    return app
