"""Charts drawn in a process of its own.

The library that draws holds the interpreter for a tenth of a second and more; in the server's own process every reader
would wait meanwhile.
"""

from __future__ import annotations

import json
import multiprocessing
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from podium.report.drawing import draw_png, draw_svg

__all__ = ["Painter"]


class Painter:
    """Draws finished specifications: here, or ``apart`` in a process that starts with the first drawing."""

    def __init__(self, *, apart: bool) -> None:
        self.apart = apart
        self._pool: ProcessPoolExecutor | None = None
        self._lock = threading.Lock()

    def svg(self, spec: Mapping[str, Any]) -> str:
        """Return a drawing as SVG."""
        return str(self._drawn(draw_svg, json.dumps(spec)))

    def png(self, spec: Mapping[str, Any], *, scale: float) -> bytes:
        """Return a drawing as PNG, so many pixels a point."""
        return bytes(self._drawn(draw_png, json.dumps(spec), scale))

    def close(self) -> None:
        """End the process."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=True, cancel_futures=True)

    def _drawn(self, draw: Callable[..., Any], *given: Any) -> Any:
        if not self.apart:
            return draw(*given)
        pool = self._ready()
        try:
            return pool.submit(draw, *given).result()
        except BrokenProcessPool:  # it was killed: another one begins
            with self._lock:
                self._pool = None if self._pool is pool else self._pool
            return self._ready().submit(draw, *given).result()

    def _ready(self) -> ProcessPoolExecutor:
        with self._lock:
            if self._pool is None:
                self._pool = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))
            return self._pool
