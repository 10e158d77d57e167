"""Templates, addresses and statements that an earlier test compiled, and each test would again."""

from collections.abc import Callable
from types import CodeType
from typing import Any

import pytest
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

MOST_STATEMENTS = 3000
"""Statements that are remembered: those of the whole product on both databases are fewer."""


class RememberedTemplates(BytecodeCache):
    """The compiled templates of all applications."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        # as it is, and not as bytes: to read those takes most of the time that is saved
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self._kept[bucket.key, bucket.checksum] = bucket.code


class RememberedRule(Rule):
    """A route whose address is read once, and put together by code that was compiled once:
    most of the work of `create_app`.
    """

    _read: dict[tuple[object, ...], tuple[Any, ...]] = {}
    _kept: dict[tuple[object, ...], Callable[..., tuple[str, str]]] = {}

    def compile(self) -> None:
        # of one map or another a converter is the same, for none of ours asks its map anything
        what = (self.subdomain, self.rule, self.merge_slashes)
        if what not in self._read:
            super().compile()
            self._read[what] = (self._parts, self._trace, self._converters)
            return
        self._parts, self._trace, self._converters = self._read[what]
        self.arguments.update(self._converters)
        self._build = self._compile_builder(False).__get__(self, None)
        self._build_unknown = self._compile_builder(True).__get__(self, None)

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        if self.defaults:  # they become part of the code
            return super()._compile_builder(append_unknown)
        what: tuple[Any, ...] = (self.rule, *self._trace, append_unknown)
        if what not in self._kept:
            self._kept[what] = super()._compile_builder(append_unknown)
        return self._kept[what]


_TEMPLATES = RememberedTemplates()
_STATEMENTS: LRUCache[Any, Any] = LRUCache(MOST_STATEMENTS)


def remember_templates(patch: pytest.MonkeyPatch) -> None:
    """Let all applications share the templates that were compiled."""
    patch.setattr(Flask, "jinja_options", {**Flask.jinja_options, "bytecode_cache": _TEMPLATES})


def remember_statements(patch: pytest.MonkeyPatch) -> None:
    """Let all engines of one kind of database share what they compiled.

    Each test makes engines of its own, and most statements of a short test are its first. What was
    compiled is kept under the dialect, an object of each engine, so these are made alike.
    """
    shared = property(lambda _engine: _STATEMENTS, lambda _engine, _own: None)
    patch.setattr(Engine, "_compiled_cache", shared, raising=False)
    patch.setattr(DefaultDialect, "__eq__", lambda one, other: type(one) is type(other))
    patch.setattr(DefaultDialect, "__hash__", lambda one: hash(type(one)))
