"""What the benchmark's server loads: the product with the reference beside it, under one roof."""

import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from kopkrakers.app import create_app
from tests.benchmarks.reference import create_reference

_product = create_app()
_bench = json.loads(Path(os.environ["BENCH_STATE"]).read_text())
_secret, _cookie = _product.config["SECRET_KEY"], _product.config["SESSION_COOKIE_NAME"]
_reference = create_reference(_secret, _cookie, **_bench)
_OURS = ("/page", "/9kb", "/noop-post", "/hello", "/react", "/react.js")


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Send an address to the bare framework or to the product."""
    chosen = _reference if environ["PATH_INFO"] in _OURS else _product
    return chosen.wsgi_app(environ, start_response)
