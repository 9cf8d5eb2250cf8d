"""Making ready beside the first readers: what they ask for first, and the compiled kernels that make sliders quick.

Compiling takes a machine's first start ten seconds and more. It is done in a process of its own, which leaves what it
compiled on disk; until this process has taken it from there, draws are scored by NumPy, with the same numbers.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from contextlib import suppress

from podium.app.web.ask import Ask
from podium.app.web.desk import Desk
from podium.app.web.i18n import words
from podium.app.web.pages.ranking import ranking
from podium.app.web.render import ASSETS, asset, page
from podium.app.web.state import View
from podium.errors import PodiumError

__all__ = ["Warming"]

PATIENCE = 0.5


class Warming:
    """What is being made ready for a desk, and whether all of it is."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self._stop = desk, threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)

    def start(self) -> None:
        """Begin, in a thread; draws are scored by NumPy until the kernels are there."""
        self.desk.engine = "numpy"
        self._thread.start()

    def stop(self) -> None:
        """Leave the rest undone."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(5)

    @property
    def over(self) -> bool:
        """Whether nothing is being made ready (any more)."""
        return not self._thread.is_alive()

    def _work(self) -> None:
        with suppress(PodiumError):  # a fault of the index shows itself to whoever asks
            ask = Ask(self.desk, View(), words("en"), "ranking")
            page("ranking.html", ask, ranking(ask))
            for name in ASSETS:
                asset(name)
            for edition in reversed(self.desk.editions):
                if not self._stop.is_set():
                    self.desk.base(edition)
            self._compile()

    def _compile(self) -> None:
        desk = self.desk
        start = multiprocessing.get_context("spawn").Process
        process = start(target=compiled, args=(desk.spec_name, desk.draws, desk.seed), daemon=True)
        process.start()
        while process.is_alive() and not self._stop.is_set():
            process.join(PATIENCE)
        process.kill()
        process.join()
        if not self._stop.is_set():
            desk.rank(View(), "kernels")  # from disk; compiled once more where nothing could be written
            desk.engine = "kernels"


def compiled(spec: str, draws: int, seed: int) -> None:
    """Compile what a ranking's draws need, and leave it on disk; the body of a process."""
    if hasattr(os, "nice"):
        os.nice(5)
    with suppress(PodiumError):
        Desk(spec, draws=draws, seed=seed).rank(View(), "kernels")
