"""Reasons and assumptions of scenarios in three languages."""

from __future__ import annotations

import pickle
import re
from pathlib import Path

from podium.brief.reasons import FORMS, reason_text
from podium.scenarios import plans
from podium.scenarios.reason import Reason


def test_reasons_are_told_in_the_language_of_the_article() -> None:
    """Why an event is left out keeps its English text, and is told in Korean and Japanese, also after a copy."""
    for why in (Reason("no indicator of the index counts {kind}", kind="money"), Reason("{unit} is not in the index", unit="JPN")):
        copied = pickle.loads(pickle.dumps(why))
        assert reason_text(copied, "en") == str(why) == copied
        assert all(reason_text(copied, lang) != str(why) for lang in ("ko", "ja"))
    assert reason_text(Reason("{unit} is not in the index", unit="JPN"), "ko") == "이 지수에 없는 나라: 일본"
    assert reason_text("a plain text", "ko") == "a plain text"


def test_every_reason_of_a_scenario_has_its_forms() -> None:
    """No form in the code of scenarios is without a Korean and a Japanese one."""
    source = "".join(p.read_text(encoding="utf-8") for p in Path(plans.__file__).parent.glob("*.py"))
    told = set(re.findall(r'Reason\("([^"]+)"', source)) | set(re.findall(r'form = "([^"]+)"', source)) | {plans.PLANS_KNOWN}
    assert len(told) >= 10
    assert told == set(FORMS)
