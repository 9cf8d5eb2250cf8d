"""The verdict on every claim: all checks that exist, and what a right figure still leaves out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from podium.claims.agreement import agrees
from podium.claims.amounts import say
from podium.claims.arithmetic import check_arithmetic
from podium.claims.claim import CheckedArticle, Claim, Verdict
from podium.claims.context import notes
from podium.claims.conversions import in_conversion_apart
from podium.claims.extract import read_article
from podium.claims.page import Page, page_of
from podium.claims.phrases import phrase
from podium.claims.specifications import in_specification
from podium.claims.verdicts import Check, in_conversion, in_evidence
from podium.errors import ArticleError, Fault
from podium.evidence.ledger import Ledger, bundled

if TYPE_CHECKING:
    from podium.claims.second_reader import Endpoint

__all__ = ["check_article", "check_claims"]


def check_article(
    path: Path | str, *, date: str | None = None, ledger: Ledger | None = None, second: Endpoint | None = None,
    warn: Callable[[str], None] | None = None,
) -> CheckedArticle:
    """Return an article with every claim checked against arithmetic, ECB rates and cited facts.

    Parameters
    ----------
    date
        ISO date of publication; None takes the one in the text.
    ledger
        The facts to check against; None takes those that ship with Podium.
    second
        A second reader that may point at further figures; None (the default) asks nobody.
    warn
        Told in a sentence where the second reader fails, which stops nothing; None raises instead.

    Raises
    ------
    ArticleError
        If the file cannot be read, bears no date, or holds no claim.
    """
    article = read_article(path, date=date)
    if second is not None:
        article = _read_twice(article, second, warn)
    if not article.claims:
        raise ArticleError(Fault("holds no checkable figure on AI ranks, hardware, compute, power or money",
                                 "Give an article that states such figures", str(path)))  # fmt: skip
    return check_claims(article, ledger=ledger)


def _read_twice(article: CheckedArticle, second: Endpoint, warn: Callable[[str], None] | None) -> CheckedArticle:
    from podium.claims.second_reader import with_second_reader

    try:
        return with_second_reader(article, second)
    except ArticleError as error:
        if warn is None:
            raise
        warn(str(error))
        return article


def check_claims(article: CheckedArticle, *, ledger: Ledger | None = None) -> CheckedArticle:
    """Return the article with verdict, reason, evidence and context on every claim."""
    facts = bundled() if ledger is None else ledger
    page = page_of(article.text, article.language, article.date)
    claims = tuple(_checked(page, c, article.claims, facts) for c in article.claims)
    claims = tuple(_followed(page, c, claims) for c in claims)
    return replace(article, claims=_harmonised(claims, page.folded))


def _checked(page: Page, claim: Claim, claims: tuple[Claim, ...], ledger: Ledger) -> Claim:
    checks = [in_conversion(claim, page.date, page.language), in_evidence(page, claim, ledger), in_specification(page, claim, ledger)]
    checks.append(in_conversion_apart(page, claim, claims))
    total = check_arithmetic(page, claim, claims)
    if total is not None and not total.holds and "product_of" in total.relation and checks[2] is not None and checks[2].holds:
        total = None  # as the data sheet says: no product of other figures
    if total is not None:
        checks.append(Check(total.holds, total.said(page.language), right=total.value))
    done = [c for c in checks if c is not None]
    decided = [c for c in done if c.holds is not None]
    verdict: Verdict = "unverifiable"
    if decided:
        verdict = "supported" if all(c.holds for c in decided) else "contradicted"
    if verdict == "contradicted":
        decided = sorted(decided, key=lambda c: c.holds is not False)
    wrong = next((c for c in decided if c.holds is False), None)
    conversion = wrong is not None and wrong is checks[0]
    reasons = [c.reason for c in (*decided, *(d for d in done if d.holds is None)) if c.reason]
    context = tuple(n for c in done for n in c.context) + notes(
        page, claim, claims, ledger, None if total is None else total.relation
    )
    return replace(
        claim, verdict=verdict, reason="; ".join(reasons) or phrase(page.language, "nothing"),
        evidence=tuple(dict.fromkeys(f for c in done for f in c.facts)), context=context,
        relation=None if total is None else total.relation,
        correct_value=None if wrong is None else wrong.right,
        correct_unit=None if wrong is None or wrong.right is None else claim.converted_unit if conversion else claim.unit,
    )  # fmt: skip


def _followed(page: Page, claim: Claim, claims: tuple[Claim, ...]) -> Claim:
    """A multiple or share that is right by what another figure should be: an error that follows from none of its own."""
    if claim.verdict != "contradicted" or claim.kind not in ("ratio_speedup", "share") or not claim.relation:
        return claim
    parts = [next(c for c in claims if c.id == i) for i in claim.relation.get("ratio_of", ())]
    if len(parts) != 2 or not any(c.verdict == "contradicted" and c.correct_value and c.correct_unit == c.unit for c in parts):
        return claim
    right = [(c.correct_value if c.verdict == "contradicted" and c.correct_unit == c.unit else c.value) or 0.0 for c in parts]
    if not right[1] or not agrees(claim, right[0] / right[1]):
        return claim
    words = f"{say(right[0], parts[0].unit)} / {say(right[1], parts[1].unit)} = {right[0] / right[1]:.3g}"
    return replace(claim, verdict="supported", reason=words, correct_value=None, correct_unit=None)


def _harmonised(claims: tuple[Claim, ...], text: str) -> tuple[Claim, ...]:
    """Parts of a sum of public money are public money too, unless one of them is called private."""
    private = {c.id for c in claims if c.kind == "money_investment" and _PRIVATE.search(text[max(0, c.char_start - 60) : c.char_start])}
    kinds = {
        part: c.kind for c in claims
        if c.kind == "money_support" and c.verdict == "supported" and c.relation and not private.intersection(c.relation.get("sum_of", ()))
        for part in c.relation.get("sum_of", ())
    }  # fmt: skip
    return tuple(replace(c, kind=kinds[c.id]) if c.id in kinds and c.kind == "money_investment" else c for c in claims)


_PRIVATE = re.compile(r"\bprivate (?:partners|investors|companies|capital|firms|money|sector|funds)|민간(?:이|은|에서| ?자본| ?자금| ?기업이)|民間(?:企業|資金|資本)?[がは]", re.I)
