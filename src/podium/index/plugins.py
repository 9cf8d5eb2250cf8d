"""Methods of a user's own, from Python files that a specification names."""

from __future__ import annotations

import importlib.util
import sys
from functools import cache
from pathlib import Path

from podium.errors import Fault, SpecError
from podium.index.spec import Spec

__all__ = ["load_plugins", "plugin_files"]


def plugin_files(spec: Spec) -> dict[str, Path]:
    """The Python files that a specification names under `plugins`, by the name given there."""
    return {name: spec.folder / Path(name).expanduser() for name in spec.plugins}


def load_plugins(spec: Spec) -> None:
    """Run the specification's plug-ins once a process; each registers its methods when it is imported.

    Raises
    ------
    SpecError
        If a file is missing or fails, naming what it raised.
    """
    for k, (name, path) in enumerate(plugin_files(spec).items()):
        held = path.resolve()
        if not held.is_file():
            raise SpecError(Fault(f"there is no plug-in {name!r}", "Name a Python file under `plugins`",
                                  *spec.at("plugins", k)))  # fmt: skip
        _load(held, held.stat().st_mtime_ns if held.is_file() else 0)


@cache
def _load(path: Path, written: int) -> None:
    """Run a file; again only where it has been written anew."""
    name = f"podium_plugin_{path.stem}"
    found = importlib.util.spec_from_file_location(name, path) if path.is_file() else None
    if found is None or found.loader is None:
        raise SpecError(Fault("there is no such plug-in", "Name a Python file under `plugins`", str(path)))
    module = importlib.util.module_from_spec(found)
    sys.modules[name] = module
    try:
        found.loader.exec_module(module)
    except Exception as error:  # whatever a user's file raises is the user's to see
        del sys.modules[name]
        line = error.lineno if isinstance(error, SyntaxError) else None
        fault = Fault(f"the plug-in fails: {type(error).__name__}: {error}", "Mend the file", str(path), line)
        raise SpecError(fault) from error
