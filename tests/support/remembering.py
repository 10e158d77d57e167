"""Templates and addresses that an earlier test compiled, and every application would again."""

from collections.abc import Callable
from typing import Any

from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Rule


class RememberedTemplates(BytecodeCache):
    """The compiled templates of all applications."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


class RememberedRule(Rule):
    """A route whose address is put together by code that was compiled once:
    most of the work of `create_app`.
    """

    _kept: dict[tuple[object, ...], Callable[..., tuple[str, str]]] = {}

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        if self.defaults:  # they become part of the code
            return super()._compile_builder(append_unknown)
        what: tuple[Any, ...] = (self.rule, *self._trace, append_unknown)
        if what not in self._kept:
            self._kept[what] = super()._compile_builder(append_unknown)
        return self._kept[what]


REMEMBERED_TEMPLATES = RememberedTemplates()
