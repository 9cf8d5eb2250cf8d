"""The ASEM example, and COINr's results beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from podium.index.build import Built, build
from podium.index.spec import Spec, load_spec

ASEM = Path(__file__).resolve().parents[2] / "examples" / "gallery" / "asem.yaml"


@pytest.fixture(scope="session")
def reference(shared: Path) -> Path:
    """COINr's own results."""
    return shared / "ref" / "coinr"


@pytest.fixture(scope="session")
def asem_spec(reference: Path) -> Spec:
    """The ASEM specification bound to COINr's own tables."""
    folder = reference / "00_input"
    data = {"data": str(folder / "ASEM_iData.csv"), "meta": str(folder / "ASEM_iMeta.csv")}
    return load_spec(ASEM).with_({"data.coinr": data})


@pytest.fixture(scope="session")
def asem(asem_spec: Spec) -> Built:
    """The ASEM index as COINr builds it."""
    return build(asem_spec)
