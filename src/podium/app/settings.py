"""Where the user's own ledger is: the option, the environment, the user's data folder."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from podium.evidence.ledger import Ledger

__all__ = ["default_store", "own_ledger", "store_place"]


def default_store() -> Path:
    """The ledger in the user's data folder."""
    home = Path.home()
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "podium" / "ledger.db"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", home / "AppData" / "Local")) / "podium" / "ledger.db"
    return Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "podium" / "ledger.db"


def store_place(option: str | None) -> str:
    """Where the ledger is: ``--store``, else ``PODIUM_STORE``, else the user's data folder."""
    return option or os.environ.get("PODIUM_STORE") or str(default_store())


def own_ledger(option: str | None) -> Ledger | None:
    """Return the bundled facts with the user's own beside them; None where the user has no ledger.

    Raises
    ------
    EvidenceError
        If a ledger is named and is not there.
    """
    if not option and not os.environ.get("PODIUM_STORE") and not default_store().exists():
        return None
    from podium.evidence.ledger import bundled
    from podium.evidence.store import Store

    # Sites and chips are the hardware room's; articles are checked against the rest.
    return bundled().beside(Store(store_place(option)).ledger(without=("site:", "accelerator:")))
