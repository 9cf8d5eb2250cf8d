"""The socket that the server listens on, and a server beside other work."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from podium.errors import Fault, InputError

if TYPE_CHECKING:
    from fastapi import FastAPI

__all__ = ["beside", "bound"]


@contextmanager
def bound(host: str, port: int) -> Iterator[socket.socket]:
    """Give a listening socket.

    Raises
    ------
    InputError
        If the address is taken, or not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sends at once (TCP_NODELAY) only where the protocol is named; else every second answer waits 40 ms
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, port))
        except OSError as error:
            why = f"cannot listen on {host}:{port}: {error.strerror or error}"
            raise InputError(Fault(why, "Give another --port or --host")) from None
        listening.listen(128)
        yield listening


@contextmanager
def beside(app: FastAPI) -> Iterator[str]:
    """Serve an application in a thread on a free port of this machine; gives its address."""
    import uvicorn

    with bound("127.0.0.1", 0) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)
