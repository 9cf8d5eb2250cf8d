"""Verdicts as schema.org ClaimReview, for search engines and fact-check exchanges."""

from __future__ import annotations

from typing import Any

from podium.claims.article import title_of
from podium.claims.claim import CheckedArticle, Claim
from podium.claims.corrections import correction

__all__ = ["claim_reviews"]

_RATING = {
    "supported": (5, {"en": "Supported", "ko": "사실에 부합", "ja": "裏付けあり"}),
    "contradicted": (1, {"en": "Contradicted", "ko": "사실과 다름", "ja": "誤り"}),
}  # fmt: skip
_UNRATED = {"en": "Unverifiable", "ko": "확인할 수 없음", "ja": "検証できず"}


def claim_reviews(
    article: CheckedArticle, *, url: str = "", publisher: str = "Podium", reviewed: str | None = None
) -> list[dict[str, Any]]:
    """Return one schema.org ``ClaimReview`` (JSON-LD) for each claim of a checked article.

    Parameters
    ----------
    url
        Address of the article; empty where it has none.
    publisher
        Who reviews.
    reviewed
        ISO date of the review; None takes the article's.

    Notes
    -----
    A claim that cannot be verified bears the rating's word but no number, as ClaimReview asks of unrated claims.
    """
    return [_review(article, c, url, publisher, reviewed or article.date) for c in article.claims]


def _review(article: CheckedArticle, c: Claim, url: str, publisher: str, reviewed: str) -> dict[str, Any]:
    lang = article.language
    number, words = _RATING.get(c.verdict, (None, _UNRATED))
    rating: dict[str, Any] = {"@type": "Rating", "alternateName": words[lang]}
    if number is not None:
        rating |= {"ratingValue": number, "worstRating": 1, "bestRating": 5}
    appearance: dict[str, Any] = {"@type": "NewsArticle", "headline": title_of(article.text)[:110] or article.article, "datePublished": article.date, "inLanguage": lang}
    if url:
        appearance["url"] = url
    start, end = _sentence(article.text, c.char_start, c.char_end)
    review: dict[str, Any] = {
        "@context": "https://schema.org", "@type": "ClaimReview", "identifier": c.id, "inLanguage": lang, "datePublished": reviewed,
        "author": {"@type": "Organization", "name": publisher}, "claimReviewed": article.text[start:end].strip(),
        "reviewRating": rating, "reviewBody": correction(c, lang) or c.reason,
        "itemReviewed": {"@type": "Claim", "datePublished": article.date, "appearance": appearance, "name": c.span_text},
    }  # fmt: skip
    if url:
        review["url"] = f"{url}#{c.id}"
    return review


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentence or line around a span, at most 400 code points long."""
    first = max(text.rfind(mark, max(0, start - 200), start) + len(mark) if text.rfind(mark, max(0, start - 200), start) >= 0 else 0
                for mark in ("\n", ". ", "。", "! ", "? "))  # fmt: skip
    ends = [at + len(mark.rstrip()) for mark in ("\n", ". ", "。", "! ", "? ") if (at := text.find(mark, end, end + 200)) >= 0]
    return max(first, start - 200), min([*ends, len(text), end + 200])
