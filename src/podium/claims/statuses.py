"""How far a matter has come: announced, planned, under construction, operational, completed or cancelled.

Decided by the predicate that governs the figure in its own clause: in Korean and Japanese the verbs after it, in
English the verb before it, or the one after it where the figure opens its clause. A clause without any goes with the
figure before it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from podium.claims import cues
from podium.claims.claim import Claim
from podium.claims.holdings import is_goal_of_growth, is_held_so_far
from podium.claims.quantities import Quantity
from podium.claims.status_cues import ENGLISH, GOAL_TIME, JAPANESE, KOREAN, NOW, PLANNED_TOPIC

if TYPE_CHECKING:
    from podium.claims.page import Page

__all__ = ["WITH_STATUS", "status_of"]

WITH_STATUS = ("hardware_count", "stock", "compute_power", "power_capacity", "money_support", "money_investment")
_THINGS = ("hardware_count", "compute_power", "power_capacity")
_PAUSE = {
    "ko": re.compile(r"(?<=[고며나만데면니서])[,，]\s|;|(?:지만|는데|으나|이며|으며|했고|됐고)\s|[▲△▽▼○●•■]"),
    "ja": re.compile(r"(?<=[がりしきちでて])、(?=[^、。]{0,18}[はも])|;|[▲△▽▼○●•■]"),
    "en": re.compile(r";|, (?:while|whereas|but|and (?!\$))\b|\s—\s|\s–\s|: "),
}
Found = tuple[int, int, str]


def status_of(page: Page, q: Quantity, kind: str, earlier: Sequence[Claim]) -> str:
    """Return the status of a figure of hardware, power, performance or money."""
    if kind == "stock":
        return "operational"
    k = page.sentence_of(q.start)
    a, b = page.sentences[k]
    if kind in _THINGS and (is_held_so_far(page, q, a) or is_goal_of_growth(page, q, a)):
        return "operational" if is_held_so_far(page, q, a) else "planned"
    whole, at, end = _plain(page.folded[a:b]) if page.language == "ko" else page.folded[a:b], q.start - a, q.end - a
    far = cues.nearest(cues.CANCELLED, whole, at, end, before=1.5)
    if far is not None and far < 70 and not _REVIVED.search(whole):
        return "cancelled"
    if kind == "compute_power" and (_listed(page, q, a) or cues.has(cues.RANKING, whole) or cues.has(cues.RANKING, page.sentence(k - 1))):
        return "operational"
    first, last = _clause(page.language, whole, at, end)
    told = _english(whole, first, last, at, end) if page.language == "en" else _eastern(page.language, whole, first, last, at, end)
    before = whole[first:at]
    if _TARGET.search(before) or _IF.search(before):
        return "planned"
    if page.language == "en" and kind in _THINGS and _WITH_SO_MANY.search(before):
        return "operational"
    if page.language == "en" and _AGAINST_NOW.match(whole[end : end + 12]):
        return "operational"
    if kind in _THINGS and _BUILT.search(before):
        return "under_construction"
    if kind in _THINGS and _RUNNING.search(before):
        return "operational"
    if kind.startswith("money") and _PAID.search(before):
        return "completed"
    if told == "under_construction" and (_WHOLE_OF.match(whole[end : end + 12]) or _PART_BEFORE.search(before)):
        told = "planned"  # 200 MW of the 1 GW are being built: of the whole, nothing more is said
    if kind in _THINGS and NOW.search(before):
        return "operational"
    if told in (None, "announced", "operational", *(("under_construction",) if whole[end : end + 1] == "," else ())) and PLANNED_TOPIC.search(before) and not _PAST.match(whole[end : end + 12]):
        told = "planned"
    if told is None and page.language != "en" and _COPULA.match(whole[end : end + 8]):
        told = next((s for _, _, s in reversed(_cues(page.language, before))), None)  # 약속한 GPU는 26만장이다
    if told is None and kind in _THINGS:
        told = _running_before(page, k)
    if told is None:
        told = _as_before(page, q, kind, earlier)
    if told is None and page.language != "en" and last < len(whole):
        told = _eastern(page.language, whole, first, len(whole), at, end)
    if told is None:
        told = "planned" if GOAL_TIME.search(before) else "announced" if kind.startswith("money") else "operational" if kind == "compute_power" or _ends_bare(page, whole, end) else "planned"
    if told == "announced" and not _SAID_SO.search(whole, end) and (GOAL_TIME.search(before) if kind in _THINGS else _UNTIL.search(before) or _UNTIL.match(whole[end:last])):
        return "planned"
    if told == "planned" and cues.has(cues.TOTAL, whole[max(first, at - 8) : end]) and _BECOMES.match(whole[end:]):
        told = _as_before(page, q, kind, earlier) or told  # 計2880基になる: as the racks that hold them
    if told == "announced" and cues.has(cues.TOTAL, whole[max(first, at - 8) : end]) and _as_before(page, q, kind, [c for c in earlier if c.char_start >= a]) == "planned":
        return "planned"  # 7 by 2028, 8 by 2030, 15 in all
    if kind.startswith("money") and told == "operational":
        return "completed" if _COST.search(before) and _PAST.match(whole[end : end + 12]) else "announced"
    return "operational" if kind in ("power_capacity", "compute_power") and told == "completed" else told


# Whoever does it says so: a commitment, whatever date it bears.
_SAID_SO = re.compile(r"(?:설치|도입|투자|구축|공급|구매|건설|배치|확보|투입|지원|짓|늘리)[가-힣]{0,3}다고 (?:\d{1,2}일 )?(?:밝혔|발표)|겠다고 (?:[가-힣\d]{1,6} )?(?:밝혔|발표|약속|선언|했다|공언|확약|맞받|말했|못박)|(?:設置|導入|投資|整備|供給|購入|建設|投じ|増や|調達|支援)[ぁ-ん]{1,3}と(?:\d{1,2}日、?)?(?:発表|明らか)")
# A plan taken up again is not dropped.
_REVIVED = re.compile(r"復活|再開|再始動|되살|부활|재개|재추진|\brevive[sd]?\b|\breviving\b|\breinstat\w+|\brestart\w*|\bback on\b", re.I)
# Money that its own clause tells as spent: 이미 집행한 73억달러, 調達した資金
_PAID = re.compile(r"(?:집행한|지급한|투입한|들인|쓴|낸|조달한|유치한|모은|받은|빌린|납부한|지출한)\s(?:돈 |자금 |금액 )?(?:약 |총 |모두 |최대 )?$|(?:支払った|払った|投じた|受け取った|調達した|集めた|費やした|使った|支出した)(?:約|計|総額|最大)?$")
_COST = re.compile(r"(?:비용|건립비|건설비|공사비|구축비|사업비|대금|費用|建設費|整備費|総工費|代金|事業費|購入費)[은는이가はが][^.。,、]{0,12}$")
_COPULA = re.compile(r"(?:이다|다[.]|다$|이며|이고|인데|이었|였다|입니다|[.。]|です|だ[。っ]|で、|である|$)")
_PAST = re.compile(r"였|었|だった|でした")
_UNTIL = re.compile(r"(?:까지|までに)\s?(?:총 |모두 |약 |최대 |計)*[^\d,、.。]{0,10}$|[^.;]{0,40}\bby 20\d\d", re.I)


def _plain(text: str) -> str:
    """A Korean text with polite endings as the plain ones of the same length: 돌립니다 as 돌린다, 있습니다 as 있다."""
    text = text.replace("습니다", "다  ").replace("어요", "다 ").replace("아요", "다 ").replace("예요", "이다")
    return re.sub(r"([가-힣])니다", lambda m: (chr(ord(m[1]) - 17 + 4) + "다 ") if (ord(m[1]) - 0xAC00) % 28 == 17 else m[0], text)


def _listed(page: Page, q: Quantity, a: int) -> bool:
    """Whether a performance is of a machine that the sentence names, in an article on a list of machines."""
    return any(m.id in ("top500", "green500") for m in page.indices) and any(m.type == "system" for m in page.within(page.mentions, a, q.start))


def _clause(language: str, whole: str, at: int, end: int) -> tuple[int, int]:
    pause = _PAUSE[language]
    first = max((m.end() for m in pause.finditer(whole, 0, at)), default=0)
    after = pause.search(whole, end)
    return first, after.start() if after else len(whole)


def _cues(language: str, text: str) -> list[Found]:
    """Every predicate of a text: place, end, status; of those that overlap, the longer."""
    table = {"ko": KOREAN, "ja": JAPANESE, "en": ENGLISH}[language]
    found = sorted(((m.start(), m.end(), status) for pattern, status in table for m in pattern.finditer(text)), key=lambda f: (f[0], f[0] - f[1]))
    out: list[Found] = []
    for f in found:
        if not out or f[0] >= out[-1][1]:
            out.append(f)
        elif f[1] - f[0] > out[-1][1] - out[-1][0]:
            out[-1] = f
    return out


def _eastern(language: str, whole: str, first: int, last: int, at: int, end: int) -> str | None:
    """The first predicate after the figure; a plan or an announcement that the same clause ends on goes before a mere state."""
    after = _cues(language, whole[end:last])
    if not after:
        return None
    status = after[0][2]
    if after[0][2] in ("operational", "completed") and _DONE.match(whole, end + after[0][0]):
        return status  # 確保したと発表した; 使っており、…
    for _, _, later in after[1:3]:
        if later in ("planned", "announced") and status in ("operational", "announced") and after[0][1] + 16 > 0:
            if later == "planned" or status == "operational":
                status = later
            break
    return status


# A state told as done, whatever is said about it later: 확보했다고 밝혔다, 確保したと発表した, 使っており
_DONE = re.compile(r"[가-힣ぁ-ん一-鿿ァ-ヶー]{0,8}?(?:[했었았였됐]다고|[하되갖쓰] ?있다고|고 있(?:으며|고|다고)|(?:した|いる|ている|あった|持つ|ある)と|ており|ていて|あり、|しており)")
# A verb before the figure that says it runs: 에니가 돌리는 GPU 1만6000장, エニが動かすGPU
_RUNNING = re.compile(r"(?:돌리는|운영하는|운영 중인|가동하는|가동 중인|보유한|보유 중인|가진|갖춘|쓰는|있는|설치된|설치돼 있는|사용하는|운용하는|운용 중인)\s[^.,。、\d]{0,24}$|(?:動かす|動かしている|運用する|運用している|運用中の|稼働中の|稼働させている|保有する|保有している|持つ|備える|使う|使っている|ある|設置済みの)[^。、\d]{0,14}$")
# A verb before the figure that says it is being built: 울산에 짓고 있는 100MW급 데이터센터, 建設中の300メガワット
_BUILT = re.compile(r"(?:짓고 있는|짓고 있던|건설하고 있는|건설 중인|공사 중인|공사가 한창인|조성 중인|조성하고 있는|구축 중인|구축하고 있는|설치 중인|올라가고 있는|착공한)\s[^.,。、\d]{0,20}$|(?:建設中の|建設している|建設を進める|建設が進む|工事中の|整備中の|整備を進める|構築中の|着工した|建てている)[^。、\d]{0,14}$")
_IF = re.compile(r"(?:すれば|入れれば|なれば|できれば)$|(?:된다면|한다면|들이면|되면)\s(?:약 |최대 )?$")
_WITH_SO_MANY = re.compile(r"^[^.;]{0,60}, with (?:its |some |about )?$")
_BECOMES = re.compile(r"に(?:なる|なります|上る|達する)[。、]|[이가]? ?(?:된다|되는 셈|됩니다)[.,]")
_AGAINST_NOW = re.compile(r"\s(?:today|now|at present|currently)\b")
_TARGET = re.compile(r"(?:목표(?:치|량|인|였던|로 (?:잡은|삼은|내건|내세운|제시한))?|目標(?:の|である|だった)?|\btarget of|\bgoal of|\bplanned)\s?(?:약 |約|about )?$")
_WHOLE_OF = re.compile(r"[^\d,.、。]{0,6}(?:(?:가운데|중에?서?)[\s,]|のうち)")
_PART_BEFORE = re.compile(r"(?<!rest )(?<!remainder )(?<!remaining )(?<!all )\bof (?:the|its|a|that)\s(?:planned\s|total\s|eventual\s)?$")


def _english(whole: str, first: int, last: int, at: int, end: int) -> str | None:
    """The nearest verb before the figure in its clause, or the first after it where none stands before, or one much nearer."""
    before = _cues("en", whole[first:at])
    after = _cues("en", whole[end:last])
    if before and (not after or len(whole[first:at]) - before[-1][1] <= after[0][0] + 26):
        return before[-1][2]
    if after:
        return after[0][2]
    return None


def _as_before(page: Page, q: Quantity, kind: str, earlier: Sequence[Claim]) -> str | None:
    """The status of the figure just before, in the same sentence or the two before it, where that is of the same sort."""
    last = next((c for c in reversed(earlier) if c.status), None)
    if last is None or page.sentence_of(q.start) - page.sentence_of(last.char_start) > 2 or (last.status == "cancelled" and "\n" in page.folded[last.char_end : q.start].strip()):
        return None
    money = kind.startswith("money")
    return last.status if money == last.kind.startswith("money") else None


def _running_before(page: Page, k: int) -> str | None:
    """That the sentence before, which counts nothing, says of the machine that it runs: 全面稼働した。 before GPUは5448基."""
    if not k:
        return None
    a, b = page.sentences[k - 1]
    if "\n" in page.folded[a:b].strip() or page.folded[b - 1 : b] == "\n" or page.within(page.quantities, a, b):
        return None
    found = _cues(page.language, _plain(page.folded[a:b]) if page.language == "ko" else page.folded[a:b])
    return "operational" if found and found[-1][2] == "operational" else None


def _ends_bare(page: Page, whole: str, end: int) -> bool:
    """Whether the clause says no more than that it is so many: …2000장이다, …です."""
    return bool(re.match(r"(?:이다|다|입니다|이고|뿐|です|だ|である)[.。,、]?", whole[end : end + 5])) or page.language == "en"
