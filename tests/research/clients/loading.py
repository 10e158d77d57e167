"""The client in Python, loaded from the file that people download."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from kopkrakers.research.release.dataset import CLIENTS


def load(path: Path) -> ModuleType:
    """Import a file by its place, as a script does that has it beside it."""
    spec = importlib.util.spec_from_file_location("kopkrakers_client", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


client = load(CLIENTS[0])
