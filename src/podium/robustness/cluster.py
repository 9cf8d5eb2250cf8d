"""Draws on a dask cluster: the extra `cluster`."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from podium.errors import Fault, InputError

__all__ = ["cluster"]


@contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """An executor of the dask cluster whose scheduler listens at an address such as ``tcp://host:8786``.

    Its workers must have the same version of Podium installed. A worker that dies is replaced by the others; the
    numbers do not change.

    Raises
    ------
    InputError
        If `dask.distributed` is not installed or nobody answers at the address.
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
        yield client.get_executor()
    finally:
        client.close()
