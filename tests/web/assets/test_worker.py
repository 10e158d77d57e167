"""The service worker: at the root, asked for again at each visit, with files under their hash."""

import json
import re

from flask import Flask
from flask.testing import FlaskClient

from kopkrakers.base.config import asset_folder
from kopkrakers.web.assets.files import ASK_AGAIN, StaticFiles
from kopkrakers.web.assets.worker import service_worker


def test_it_is_a_script_at_the_root_that_is_asked_for_again(client: FlaskClient) -> None:
    worker = client.get("/werker.js")
    assert worker.mimetype == "text/javascript"
    assert worker.headers["Cache-Control"] == ASK_AGAIN
    assert "worker-src 'self'" in worker.headers["Content-Security-Policy"]


def test_every_file_that_it_keeps_may_be_kept_for_ever(client: FlaskClient) -> None:
    listed = re.match(r"const FILES = (\[.*?\])", client.get("/werker.js").text)
    assert listed is not None
    for address in json.loads(listed[1]):
        assert "immutable" in client.get(address).headers["Cache-Control"], address


def test_a_file_that_changes_makes_another_version() -> None:
    files = StaticFiles(asset_folder("static"))
    before = service_worker(files).plain
    files.add("css/extra.css", b"p{color:red}")
    assert service_worker(files).plain != before


def test_it_empties_for_every_form_that_erases_the_device(app: Flask) -> None:
    script = app.extensions["kopkrakers_files"].text("js/werker.js")
    leaving = re.search(r"LEAVING = (\[.*?\])", script)
    assert leaving is not None
    sources = [path.read_text() for path in asset_folder("templates").rglob("*.html")]
    erasing = r"post_button\(url_for\('([a-z._]+)'\)(?:(?!post_button).)*?data_wis_toestel"
    endpoints = {name for source in sources for name in re.findall(erasing, source, re.DOTALL)}
    addresses = {rule.rule for rule in app.url_map.iter_rules() if rule.endpoint in endpoints}
    assert addresses == set(json.loads(leaving[1]))
