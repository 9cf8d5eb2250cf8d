"""The server under 50 readers: errors, waiting times, requests a second, and the memory of all its processes."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.timing import row

CLIENTS, SECONDS = 50, 60.0
MOMENTS = (0.0, 20.0, 40.0, 60.0)
CACHED = (
    ("/", 10),
    ("/?lang=ko", 5),
    ("/?region=South+Asia", 2),
    ("/country/KOR", 5),
    ("/country/JPN?lang=ko", 5),
    ("/country/USA", 3),
    ("/pair?a=KOR&b=JPN", 5),
    ("/pair?a=KOR&b=FRA&lang=ko", 3),
    ("/method", 3),
    ("/evidence?subject=KOR", 3),
    ("/api/v1/ranking", 5),
    ("/api/v1/units/KOR", 3),
    ("/api/v1/pairs/KOR/JPN", 2),
    ("/files/ranking/standing.csv", 1),
)
"""Addresses and how often each is asked for, relative to the others."""
SLIDERS = 0.5
"""Moves of a slider a second, over all readers, beside the cached pages."""


class Seen(NamedTuple):
    """One answer: its kind, the seconds it took, its status (0: none came)."""

    kind: str
    seconds: float
    status: int


@contextlib.contextmanager
def served() -> Iterator[tuple[int, int]]:
    """Run `podium serve` in a process of its own; give its process id and port."""
    usual = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-m", "podium", "serve", "ai-race", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=usual) as process:
        assert process.stderr is not None
        try:
            told = re.search(r"http://[^:]+:(\d+)/", process.stderr.readline())
            if told is None:
                raise SystemExit("the server did not start")
            yield process.pid, int(told[1])
        finally:
            process.terminate()


async def asked(port: int, path: str, wire: list[asyncio.StreamReader | asyncio.StreamWriter]) -> tuple[int, bytes]:
    """Send one request over a connection that stays open, and read the whole answer."""
    if not wire:
        wire.extend(await asyncio.open_connection("127.0.0.1", port))
    reader, writer = wire
    assert isinstance(reader, asyncio.StreamReader) and isinstance(writer, asyncio.StreamWriter)
    part = "hx-request: true\r\n" if "w." in path else ""  # as the page asks when a slider moves
    writer.write(f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\naccept-encoding: gzip\r\n{part}\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
    return int(head[9:12]), await reader.readexactly(int(length[1]) if length else 0)


async def reader(port: int, end: float, rng: random.Random, seen: list[Seen], pause: float) -> None:
    """One reader, who asks for the next page as soon as the last has come, or after a pause."""
    paths, often = zip(*CACHED, strict=True)
    wire: list[asyncio.StreamReader | asyncio.StreamWriter] = []
    while time.perf_counter() < end:
        if pause:
            await asyncio.sleep(rng.expovariate(1 / pause))
        await timed("cached page", port, rng.choices(paths, often)[0], wire, seen)


async def dragging(port: int, end: float, rng: random.Random, seen: list[Seen]) -> None:
    """The readers who move a slider, each time to a weight that nobody had before."""
    wire: list[asyncio.StreamReader | asyncio.StreamWriter] = []
    while time.perf_counter() < end:
        await asyncio.sleep(rng.expovariate(SLIDERS))
        await timed("slider moved", port, f"/?w.talent={rng.uniform(1, 9):.6f}", wire, seen)


async def timed(kind: str, port: int, path: str, wire: list, seen: list[Seen]) -> None:  # type: ignore[type-arg]
    """Ask, and keep what came of it."""
    start = time.perf_counter()
    try:
        status, _ = await asked(port, path, wire)
    except (OSError, asyncio.IncompleteReadError):
        status = 0
        wire.clear()
    seen.append(Seen(kind, time.perf_counter() - start, status))


async def memories(pid: int, start: float, held: list[float]) -> None:
    """Note the memory of all processes of the server at the moments asked for."""
    for moment in MOMENTS:
        await asyncio.sleep(max(start + moment - time.perf_counter(), 0))
        held.append(memory(pid))


def memory(pid: int) -> float:
    """Resident memory of a process and all it has started, in MB; what they share is counted once (PSS)."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
    own = int(re.search(r"\nPss: +(\d+)", text)[1]) / 1000  # type: ignore[index]
    children = [c for t in Path(f"/proc/{pid}/task").iterdir() for c in (t / "children").read_text("ascii").split()]
    return own + sum(memory(int(c)) for c in children)


async def crowd(pid: int, port: int, *, pause: float, sliders: bool) -> tuple[list[Seen], list[float]]:
    """What 50 readers saw, and the memory the server had."""
    for path, _ in CACHED:
        await asked(port, path, [])
    seen: list[Seen] = []
    held: list[float] = []
    start = time.perf_counter()
    end = start + SECONDS
    work = [reader(port, end, random.Random(k), seen, pause) for k in range(CLIENTS)]
    work += [dragging(port, end, random.Random(99), seen)] if sliders else []
    await asyncio.gather(memories(pid, start, held), *work)
    return seen, held


def told(title: str, seen: Sequence[Seen], held: Sequence[float]) -> None:
    """Print what was seen."""
    print(f"\n{title} (load {os.getloadavg()[0]:.1f})")
    for kind in dict.fromkeys(s.kind for s in seen):
        own = sorted(s.seconds for s in seen if s.kind == kind)
        wrong = sum(s.status != 200 for s in seen if s.kind == kind)
        p50, p95, p99 = (1000 * own[min(int(q * len(own)), len(own) - 1)] for q in (0.5, 0.95, 0.99))
        bar = "no error, p95 ≤ 100 ms" if kind == "cached page" else "–"
        row(f"{kind}: {len(own)} answers, {len(own) / SECONDS:.0f} a second, {wrong} errors",
            f"p50 {p50:.0f} p95 {p95:.0f} p99 {p99:.0f} ms", bar)  # fmt: skip
    row("memory at the start, after 20, 40, 60 s", " ".join(f"{m:.0f}" for m in held) + " MB", "steady")


def ready(port: int) -> float:
    """Seconds until the first page has come."""
    start = time.perf_counter()
    asyncio.run(asked(port, "/", []))
    return time.perf_counter() - start


def main() -> None:
    """Print the table."""
    with served() as (pid, port):
        row("\nweb: first page of a server that has just started", f"{ready(port):.1f} s", "–")
        for title, pause, sliders in (
            ("50 readers, each asks as soon as it is answered", 0.0, False),
            ("50 readers with pauses of 1 s, and sliders moved", 1.0, True),
        ):
            told(title, *asyncio.run(crowd(pid, port, pause=pause, sliders=sliders)))


if __name__ == "__main__":
    main()
