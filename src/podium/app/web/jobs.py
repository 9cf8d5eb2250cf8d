"""A queue of long work for a few processes: told of by progress, ended by killing."""

from __future__ import annotations

import hashlib
import hmac
import json
import multiprocessing
import secrets
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from podium.app.web.work import serve
from podium.errors import Fault

__all__ = ["FullError", "Job", "Jobs"]

State = Literal["queued", "running", "done", "failed", "cancelled"]
POLL = 0.05


class FullError(Exception):
    """Too much work waits already."""


@dataclass
class Job:
    """One piece of work and how far it is; ``version`` grows with every change."""

    id: str
    kind: str
    params: Mapping[str, Any]
    state: State = "queued"
    share: float = 0.0
    what: str = ""
    result: Mapping[str, Any] | None = None
    status: int = 200
    faults: tuple[Fault, ...] = ()
    version: int = 0
    stop: threading.Event = field(default_factory=threading.Event)
    process: int | None = None

    @property
    def over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in ("done", "failed", "cancelled")


class Jobs:
    """Runs jobs in the order in which they came, each in a process that lives on where it is let finish.

    Parameters
    ----------
    workers
        Number of processes.
    most_waiting
        Jobs beyond those running that may wait.
    most_held
        Finished jobs whose results are kept.
    seconds
        A job that takes longer is ended.
    """

    def __init__(self, *, workers: int, most_waiting: int = 16, most_held: int = 200, seconds: float = 300.0) -> None:
        self.most_waiting, self.most_held, self.seconds = most_waiting, most_held, seconds
        self._key = secrets.token_bytes(32)  # so that nobody can tell a job's id from what was asked
        self._held: OrderedDict[str, Job] = OrderedDict()
        self._waiting: deque[Job] = deque()
        self._change = threading.Condition()
        self._closed = False
        self._context = multiprocessing.get_context("spawn")
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(workers)]
        self._started = False

    def submit(self, kind: str, params: Mapping[str, Any]) -> Job:
        """Return the job of this kind with these parameters: the one held already, unless it failed, else a new one.

        Raises
        ------
        FullError
            If too many wait.
        """
        said = json.dumps([kind, params], sort_keys=True, default=lambda b: hashlib.sha256(b).hexdigest())
        id = hmac.digest(self._key, said.encode(), "sha256").hex()[:24]
        with self._change:
            held = self._held.get(id)
            if held is not None and held.state not in ("failed", "cancelled"):
                return held
            if len(self._waiting) >= self.most_waiting:
                raise FullError
            job = self._held[id] = Job(id, kind, params)
            self._held.move_to_end(id)
            self._waiting.append(job)
            self._forget()
            self._change.notify_all()
        self._start()
        return job

    def get(self, id: str) -> Job | None:
        """The job of an id, or None where none is held."""
        with self._change:
            return self._held.get(id)

    def cancel(self, id: str) -> Job | None:
        """Stop a job: take it off the queue, or kill the process that does it; a finished one stays as it is."""
        with self._change:
            job = self._held.get(id)
            if job is None or job.over:
                return job
            job.stop.set()
            if job in self._waiting:
                self._waiting.remove(job)
                self._set(job, state="cancelled")
        while not job.over:
            self.wait(job, job.version, 1.0)
        return job

    def wait(self, job: Job, version: int, seconds: float) -> None:
        """Wait until a job has changed since a version, or is over, at most so long."""
        with self._change:
            self._change.wait_for(lambda: job.version > version or job.over, seconds)

    def close(self) -> None:
        """Stop everything."""
        with self._change:
            self._closed = True
            for job in self._held.values():
                job.stop.set()
            self._change.notify_all()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(5)

    def _start(self) -> None:
        with self._change:
            begin, self._started = not self._started, True
        if begin:
            for thread in self._threads:
                thread.start()

    def _forget(self) -> None:
        over = [i for i, j in self._held.items() if j.over]
        for id in over[: max(len(self._held) - self.most_held, 0)]:
            del self._held[id]

    def _set(self, job: Job, **changes: Any) -> None:
        with self._change:
            for name, value in changes.items():
                setattr(job, name, value)
            job.version += 1
            self._change.notify_all()

    def _next(self) -> Job | None:
        with self._change:
            self._change.wait_for(lambda: self._closed or self._waiting)
            return None if self._closed else self._waiting.popleft()

    def _work(self) -> None:
        process: Any = None
        pipe: Any = None
        while (job := self._next()) is not None:
            if process is None or not process.is_alive():
                pipe, other = self._context.Pipe()
                process = self._context.Process(target=serve, args=(other,), daemon=True)
                process.start()
                other.close()
            self._set(job, state="running", process=process.pid)
            ended = self._follow(job, pipe)
            if ended is not None:  # killed before anyone is told, so that what is told is true
                process.kill()
                process.join()
                pipe.close()
                process = None
                self._set(job, **ended)
        if process is not None:
            process.kill()
            process.join()
            pipe.close()

    def _follow(self, job: Job, pipe: Any) -> dict[str, Any] | None:
        """Wait for a job's end; how it ends where its process must be killed, else None."""
        end = time.monotonic() + self.seconds
        try:
            pipe.send((job.kind, job.params))
            while not job.stop.is_set():
                if time.monotonic() > end:
                    why = f"it took longer than {self.seconds:g} s and was stopped"
                    return {"state": "failed", "status": 422, "faults": (Fault(why, "Ask for fewer draws or rows"),)}
                if pipe.poll(POLL) and self._heard(job, *pipe.recv()):
                    return None
        except (EOFError, OSError):
            why = "the process that did it ended unexpectedly"
            return {"state": "failed", "status": 500, "faults": (Fault(why, "Try again, with fewer draws"),)}
        return {"state": "cancelled"}

    def _heard(self, job: Job, kind: str, *said: Any) -> bool:
        """Take in what a worker says; whether that was the last of the job."""
        if kind == "progress":
            self._set(job, share=float(said[0]), what=str(said[1]))
            return False
        if kind == "done":
            self._set(job, state="done", share=1.0, result=said[0])
        else:
            self._set(job, state="failed", status=said[0], faults=tuple(Fault(m, r) for m, r in said[1]))
        return True
