"""Commands as a user meets them: in a cold process, and warm."""

from __future__ import annotations

from benchmarks.timing import cold, head, line
from podium.index.spec import BUNDLED


def main() -> None:
    """Print the table."""
    from podium.claims.check import check_article
    from podium.index.build import build
    from podium.index.spec import load_spec
    from podium.robustness.engine import stress

    article = BUNDLED / "demo" / "brief_ko.txt"
    spec = load_spec("ai-race", edition="2023")
    check_article(article)
    head("Doors")
    line("an empty Python process (the yardstick)", cold("-c", "pass"), "–")
    line("import podium, cold", cold("-c", "import podium"), "0.3 s")
    line("podium build ai-race, cold", cold("-m", "podium", "build", "ai-race"), "1.5 s")
    line("podium check of the demo article, cold", cold("-m", "podium", "check", str(article)), "3 s")
    line("check of the demo article, warm", lambda: check_article(article), "1 s")
    line("build ai-race, warm", lambda: build(spec), "–")
    line("stress ai-race, 10,000 draws, 144 variants, with errors", lambda: stress(spec, draws=10_000, seed=1), "–", 2)
    line("podium stress ai-race, cold", cold("-m", "podium", "stress", "ai-race"), "–", 1)
    event = 'accelerators JPN "NVIDIA B200" 1600 2025-07 planned'
    line("podium whatif ai-race, one event, cold",
         cold("-m", "podium", "whatif", "ai-race", "--edition", "2024", "--event", event), "5 s", 2)  # fmt: skip
    line("podium demo, cold, 10,000 draws", cold("-m", "podium", "demo", "--out", "podium-out"), "–", 1)
