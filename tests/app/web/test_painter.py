"""Charts drawn beside the server: the same drawings, and another process where one was killed."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

from podium.app.web.painter import Painter

SPEC = {"data": {"values": [{"a": 1}]}, "mark": "point", "encoding": {"x": {"field": "a", "type": "quantitative"}}}


def test_drawn_apart_as_here(children: Callable[[], set[str]]) -> None:
    """A drawing made in another process is the one made here; a killed process is replaced, a closed one is gone."""
    here, apart, before = Painter(apart=False), Painter(apart=True), children()
    try:
        assert apart.svg(SPEC) == here.svg(SPEC)
        assert apart.png(SPEC, scale=1.0) == here.png(SPEC, scale=1.0)
        for process in apart._pool._processes.values():  # type: ignore[union-attr]
            os.kill(process.pid, signal.SIGKILL)
        assert apart.svg(SPEC) == here.svg(SPEC)
    finally:
        apart.close()
    assert {c for c in children() - before if _cmd(c).count("spawn_main")} == set()


def _cmd(process: str) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_text(encoding="utf-8")
    except OSError:
        return ""
