"""One machine beside another: what is claimed, written, measured and possible."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from podium.errors import EvidenceError
from podium.hardware.comparison import compare, explain
from podium.hardware.measured import best, measurements
from podium.hardware.roofline import Assumptions, Machine, estimate

SERVER = Machine(arithmetic=2e15, bandwidth=3e12, memory=80e9, link=900e9, precision=1.0, per_server=8)
BARE = Assumptions().changed({
    "link_delay": 1e-15, "network_delay": 1e-15, "network": 1e30, "bandwidth_reached": 1.0, "arithmetic_reached": 1.0,
    "link_reached": 1.0, "memory_usable": 1.0, "parameters": 3e11, "most_servers": 1, "token_latency": 10.0, "first_token_latency": 1e9,
})  # fmt: skip


def test_model_has_the_parameters_it_is_named_after() -> None:
    """The layers fill 1.8e12 parameters, of which about 0.28e12 work on a token (two of sixteen experts)."""
    a = Assumptions()
    assert a.layers * (a.attention + a.experts * a.expert) == pytest.approx(1.8e12)
    assert a.active == pytest.approx(1.8e12 * (a.attention + 2 * a.expert) / (a.attention + 16 * a.expert))


def test_decoding_by_hand() -> None:
    """Without delays and links, a step takes the bytes of weights and caches over the bandwidth, worked out here by hand."""
    machine = replace(SERVER, link=1e30)
    got = estimate(machine, BARE)
    layers = 3e11 / (2 * 15360**2 + 2 * 15360 * 8 * 128 + 16 * 2 * 15360 * 30720)
    cache = 2 * layers * 8 * 128 * 1.0
    batch = int((8 * 80e9 - 3e11) / (cache * (32768 + 1028)))
    touched = 16 * (1 - (14 / 16) ** batch)
    read = layers * (2 * 15360**2 + 2 * 15360 * 1024 + touched * 2 * 15360 * 30720) + batch * cache * (32768 + 514)
    assert got.batch == batch
    assert got.token_latency == pytest.approx(read / (8 * 3e12), rel=1e-9)
    assert got.decode == pytest.approx(batch / (read / (8 * 3e12)) / 8, rel=1e-9)
    active = layers * (2 * 15360**2 + 2 * 15360 * 1024 + 2 * 2 * 15360 * 30720)
    assert got.prefill == pytest.approx(2e15 / (2 * active + 2 * layers * 15360 * 32768), rel=1e-9)
    assert got.served == pytest.approx(1 / (1 / got.decode + 32768 / 1028 / got.prefill), rel=1e-9)


def test_twice_the_machine_serves_twice_the_tokens() -> None:
    """Doubling operations, bandwidth and links, with half the delays, doubles every rate (the memory and so the batch stay)."""
    a = replace(Assumptions(), token_latency=1e6)
    one = estimate(SERVER, a)
    twice = replace(SERVER, arithmetic=4e15, bandwidth=6e12, link=1800e9)
    two = estimate(twice, replace(a, network=100e9, link_delay=2.5e-6, network_delay=10e-6))
    assert (two.servers, two.batch) == (one.servers, one.batch)
    assert (two.decode, two.prefill, two.served) == pytest.approx((2 * one.decode, 2 * one.prefill, 2 * one.served))


def test_limits_bind() -> None:
    """The step is within the latency limit, a tighter limit never serves more, and what does not fit is not served."""
    served = []
    for limit in (0.2, 0.05, 0.02, 0.01):
        got = estimate(SERVER, replace(Assumptions(), token_latency=limit))
        assert got.served == 0 or got.token_latency <= limit
        served.append(got.served)
    assert served == sorted(served, reverse=True)
    assert estimate(replace(SERVER, memory=1e9), Assumptions()).served == 0


def test_assumptions_are_checked() -> None:
    """A name that is none and a value that is not above zero are named."""
    with pytest.raises(EvidenceError, match="no assumption 'layers'"):
        Assumptions().changed({"layers": 3})
    with pytest.raises(EvidenceError, match="experts must be above zero"):
        Assumptions().changed({"experts": 0})


def test_contributions_add_up_and_are_fair() -> None:
    """On the log scale the parts sum to the headline, without one to the estimate; a factor that does not differ has no part."""
    faster = replace(SERVER, bandwidth=6e12, memory=160e9, precision=2.0)
    a = Assumptions()
    ratio = estimate(faster, a).served / estimate(SERVER, a).served
    parts = explain(faster, SERVER, a, headline=None)
    assert math.prod(p.times for p in parts) == pytest.approx(ratio)
    assert sum(p.share for p in parts) == pytest.approx(1)
    assert {p.name for p in parts} == {"memory bandwidth", "memory size", "4-bit weights and arithmetic"}
    whole = explain(faster, SERVER, a, headline=15)
    assert math.prod(p.times for p in whole) == pytest.approx(15)
    assert whole[-1].times == pytest.approx(15 / ratio)
    (only,) = explain(replace(SERVER, bandwidth=6e12), SERVER, a, headline=None)
    assert only.times == pytest.approx(estimate(replace(SERVER, bandwidth=6e12), a).served / estimate(SERVER, a).served)


def test_fifteen_times() -> None:
    """DGX B200 against DGX H100: claimed 15, written 2.27, measured 3 to 4, and the roofline between the last two and the first."""
    told = compare("DGX B200", "DGX H100")
    assert told.headline == 15
    assert told.datasheet["dense8"] == pytest.approx(2.274, abs=0.001)
    ratios = [a.per_accelerator / b.per_accelerator for a, b in told.measured]
    assert len(ratios) >= 6 and all(3 < r < 4 for r in ratios)
    assert told.roofline is not None and told.datasheet["dense8"] < told.roofline < 15
    assert math.prod(p.times for p in told.parts) == pytest.approx(15)
    assert told.parts[-1].name.startswith("not explained") and told.parts[-1].times > 1
    assert any("B200:link" in note for note in told.notes)
    assert told.to_dict()["assumptions"]["token_latency"] == 0.05


def test_machines_without_a_claim_are_compared_too() -> None:
    """Where no vendor claims a multiple, the parts explain the estimate; a missing link is assumed and said to be."""
    told = compare("MI300X", "H100")
    assert told.headline is None and told.claims == ()
    assert sum(p.share for p in told.parts) == pytest.approx(1)
    assert any("no source gives it; assumed" in note for note in told.notes)


def test_measurements_are_those_of_the_logs(shared: Path) -> None:
    """The published table's B200 and H100 results per accelerator are found: 12,690.9 and 3,897.0 offline in v5.1."""
    table = pd.read_csv(shared / "data" / "ai_race" / "mlperf_h100_vs_b200.csv")
    held = {(m.round, m.submitter, m.system, m.model, m.scenario): m for m in measurements()}
    for row in table.to_dict("records"):
        ours = held[row["round"], row["submitter"], row["system"], row["model"], row["scenario"]]
        assert ours.tokens == pytest.approx(row["tokens_per_s"], rel=1e-5)
        assert ours.per_accelerator == pytest.approx(row["tokens_per_s_per_gpu"], rel=1e-4)


def test_best_stays_within_a_round() -> None:
    """The best result of a chip is of the round asked for; a chip that nobody measured has none."""
    found = best("NVIDIA B200", "llama2-70b-99", "Server", round="v4.1")
    assert found is not None and found.round == "v4.1" and "B200" in found.accelerator
    assert best("Huawei Ascend 910C", "llama2-70b-99", "Server", round="v5.1") is None
