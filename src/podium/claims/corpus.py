"""Many articles at once: one JSON a line in, one JSON a line out, in parallel, resumed where it stopped."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from podium.claims.check import check_claims
from podium.claims.extract import article_of
from podium.errors import ArticleError, Fault, PodiumError

__all__ = ["read_corpus", "read_line"]

CHUNK = 32


def read_line(line: str, *, check: bool) -> dict[str, Any]:
    """Return the result of one line ``{"id", "text", "date"}``: id, language, date and claims, or id and error.

    A line that is no such JSON is an error of its own, so that one bad article stops no corpus.
    """
    name = ""
    try:
        article = json.loads(line)
        if not isinstance(article, dict) or not isinstance(article.get("text"), str) or "id" not in article:
            raise ArticleError(Fault("the line has no id and text", 'Write {"id": …, "text": …, "date": "YYYY-MM-DD"}'))
        name = str(article["id"])
        read = article_of(article["text"], name=name, date=article.get("date"))
        done = check_claims(read) if check else read
        return {"id": article["id"]} | {k: v for k, v in done.to_dict().items() if k != "article"}
    except (PodiumError, ValueError, RecursionError) as error:
        return {"id": name, "error": str(error)} if name else {"line_sha256": _digest(line), "error": str(error)}


def _both(work: tuple[str, bool]) -> str:
    line, check = work
    return json.dumps(read_line(line, check=check), ensure_ascii=False)


def read_corpus(
    source: Path, out: Path, *, check: bool, workers: int = 1, progress: Callable[[float, str], None] | None = None
) -> tuple[int, int]:
    """Read every article of a JSON-lines file into another; return how many were read, and how many were there already.

    Results stand in the order of the source. Where `out` holds results already, the articles with their ids are left
    alone, and a last line that was cut off is written anew.

    Raises
    ------
    ArticleError
        If the source cannot be read.
    """
    if not source.is_file():
        raise ArticleError(Fault("there is no such file", "Give a file with one JSON article a line", str(source)))
    done = _mended(out)
    size = max(1, source.stat().st_size)
    count = 0
    with source.open(encoding="utf-8", errors="replace") as lines, out.open("a", encoding="utf-8", errors="backslashreplace") as results:
        for read, text in _results(_waiting(lines, done, size, progress), check, workers):
            results.write(text + "\n")
            count += read
    return count, len(done)


def _waiting(lines: Iterable[str], done: set[str], size: int, progress: Callable[[float, str], None] | None) -> Iterator[str]:
    seen = 0
    for line in lines:
        seen += len(line.encode("utf-8", "replace"))
        if progress is not None:
            progress(min(1.0, seen / size), "reading articles")
        if line.strip() and _id(line) not in done:
            yield line


def _results(lines: Iterator[str], check: bool, workers: int) -> Iterator[tuple[int, str]]:
    if workers == 1:
        for line in lines:
            yield 1, _both((line, check))
        return
    # Spawned, not forked: NumPy's and pyarrow's threads do not survive a fork.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        batch: list[tuple[str, bool]] = []
        for line in lines:
            batch.append((line, check))
            if len(batch) == CHUNK * workers * 4:
                yield from ((1, text) for text in pool.map(_both, batch, chunksize=CHUNK))
                batch = []
        yield from ((1, text) for text in pool.map(_both, batch, chunksize=CHUNK))


def _id(line: str) -> str:
    """The id of an article or of its result; the digest of a line that has none."""
    try:
        article = json.loads(line)
    except (ValueError, RecursionError):
        return _digest(line)
    if isinstance(article, dict):
        told = next((article[k] for k in ("id", "line_sha256") if article.get(k) not in (None, "")), None)
        return _digest(line) if told is None else str(told)  # 0 is an id as good as any
    return _digest(line)


def _digest(line: str) -> str:
    return hashlib.sha256(line.strip().encode("utf-8", "backslashreplace")).hexdigest()


def _mended(out: Path) -> set[str]:
    """The ids that a file of results holds; a last line that is cut off is taken away."""
    if not out.is_file():
        return set()
    data = out.read_bytes()
    whole = data[: data.rfind(b"\n") + 1]
    if len(whole) != len(data):
        out.write_bytes(whole)
    return {_id(line) for line in whole.decode("utf-8").split("\n") if line}
