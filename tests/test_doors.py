"""What `import podium` offers."""

from __future__ import annotations

import subprocess
import sys

import pytest

import podium


@pytest.mark.parametrize("name", ["brief", "compare", "evidence", "statistics"])
def test_every_door_is_a_function_whatever_was_loaded_before(name: str) -> None:
    """A name is callable at the first and second look, also where a room loaded before has the same name."""
    code = f"import podium, podium.compare.editions, podium.brief.tell; f = podium.{name}; assert callable(f) and podium.{name} is f"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_importing_podium_loads_no_heavy_library() -> None:
    """The package itself is light; pandas and SciPy come with the first door."""
    code = "import sys, podium; assert not {'pandas', 'scipy', 'numpy'} & set(sys.modules); podium.build; assert 'numpy' in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_unknown_names_are_refused() -> None:
    """A name that podium does not have is an AttributeError."""
    with pytest.raises(AttributeError, match="fame"):
        _ = podium.fame


def test_every_door_leads_somewhere() -> None:
    """Each exported name is found."""
    assert all(callable(getattr(podium, name)) for name in podium.__all__ if name != "__version__")
