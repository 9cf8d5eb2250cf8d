"""Draws on a dask cluster: the extra `cluster`."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Any

from podium.errors import Fault, InputError
from podium.version import VERSION

__all__ = ["cluster"]


@contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """An executor of the dask cluster whose scheduler listens at an address such as ``tcp://host:8786``.

    Its workers must have the same version of Podium installed. A worker that dies is replaced by the others; the
    numbers do not change.

    Raises
    ------
    InputError
        If `dask.distributed` is not installed, nobody answers at the address, or the workers there have no Podium of
        this version.
    """
    try:
        from distributed import Client
    except ImportError:
        raise InputError(Fault("a cluster needs dask.distributed", "pip install 'podium[cluster]'")) from None
    try:
        client = Client(address, timeout=10)
    except (OSError, TimeoutError, ValueError) as error:
        said = str(error).splitlines()[0] if str(error) else type(error).__name__
        remedy = "Start one with `dask scheduler`, and workers with `dask worker ADDRESS`"
        raise InputError(Fault(f"no dask scheduler answers at {address} ({said})", remedy)) from None
    try:
        _same_everywhere(client, address)
        yield client.get_executor()
    finally:
        client.close()


def _same_everywhere(client: Any, address: str) -> None:
    """Raise where a worker could not read its tasks: the cluster would otherwise wait for ever."""

    def version() -> str:  # local, so that it travels by value
        try:
            from podium.version import VERSION
        except ImportError:
            return "none"
        return VERSION

    held = client.run(version)
    if not held:
        raise InputError(Fault(f"the cluster at {address} has no worker", "Start some with `dask worker ADDRESS`"))
    if other := sorted({v for v in held.values() if v != VERSION}):
        raise InputError(Fault(f"workers at {address} have Podium {', '.join(other)}, here it is {VERSION}",
                               "Install the same version on every worker"))  # fmt: skip
