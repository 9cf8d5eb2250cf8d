"""An article as text."""

from __future__ import annotations

from pathlib import Path

import pytest

from podium.claims.article import find_date, language_of, load_text, sentences, strip_markup, title_of
from podium.errors import ArticleError

KOREAN = "일본이 GPU 1600개를 들여온다.\n한국은 3000여개를 가졌다."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16", "utf-16-le"])
def test_encodings_give_the_same_text(tmp_path: Path, encoding: str) -> None:
    """UTF-8, UTF-16 and CP949 all read as the same text."""
    path = tmp_path / "a.txt"
    path.write_bytes(KOREAN.encode(encoding))
    assert load_text(path).lstrip("\ufeff") == KOREAN


def test_page_reads_as_its_visible_text(tmp_path: Path) -> None:
    """A web page loses its scripts, styles and menus, and keeps its paragraphs."""
    path = tmp_path / "a.html"
    path.write_text("<html><head><style>p{}</style><script>x=1</script></head><body><nav>Menu 99%</nav><h1>Title</h1>"
                    "<p>1,600 GPUs &amp; more</p></body></html>", encoding="utf-8")  # fmt: skip
    text = load_text(path)
    assert "1,600 GPUs & more" in text
    assert "Menu" not in text
    assert title_of(text) == "Title"


@pytest.mark.parametrize(
    ("data", "message"),
    [(b"", "is empty"), (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "not text|binary"), (b"a" * 10_000_000, "10 MB large")],
)
def test_unreadable_file_is_one_clear_error(tmp_path: Path, data: bytes, message: str) -> None:
    """An empty file, a binary and a 10 MB file each say what is wrong, with the file's name."""
    path = tmp_path / "bad.bin"
    path.write_bytes(data)
    with pytest.raises(ArticleError, match=message) as error:
        load_text(path)
    assert "bad.bin" in str(error.value)


def test_missing_file_is_named(tmp_path: Path) -> None:
    """A path that leads nowhere is named."""
    with pytest.raises(ArticleError, match=r"none\.txt"):
        load_text(tmp_path / "none.txt")


@pytest.mark.parametrize(
    ("text", "language"), [("한국은 AI", "ko"), ("日本のAIは", "ja"), ("AI in Korea", "en")]
)  # fmt: skip
def test_language_by_script(text: str, language: str) -> None:
    """Hangul, kana, else English."""
    assert language_of(text) == language


@pytest.mark.parametrize(
    "text",
    ["입력 2024-11-14 15:56", "2024년 11월 14일", "2024年11月14日", "November 14, 2024", "14 November 2024", "Nov. 14, 2024"],
)
def test_date_in_the_text(text: str) -> None:
    """The date of publication is read in the usual forms."""
    assert find_date(text) == "2024-11-14"


def test_full_stop_of_a_short_form_ends_no_sentence() -> None:
    """Sept. 16, Dr. Lee and 3.4 do not end a sentence."""
    text = "On Sept. 16 Dr. Lee paid 3.4 million. It was late."
    assert [text[a:b].strip() for a, b in sentences(text)] == ["On Sept. 16 Dr. Lee paid 3.4 million.", "It was late."]


def test_markup_keeps_entities() -> None:
    """Entities become their characters."""
    assert strip_markup("<p>R&amp;D &euro;5</p>") == "R&D €5"
