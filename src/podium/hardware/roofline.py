"""How many tokens a second a machine can serve of a mixture-of-experts model: a roofline under a latency limit.

A server holds the attention weights and the caches of its own requests and works on them together (tensor parallel);
the experts are spread over all servers of an instance (expert parallel). A step of decoding takes the longer of reading
(weights once, every request's cache) and computing, and the transfers come on top. The best number of servers and the
largest batch within the latency limit are taken. An upper bound for the model as assumed: no software is that good.

S. Williams, A. Waterman, D. Patterson (2009): Roofline. Communications of the ACM 52(4). doi:10.1145/1498765.1498785.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache

from podium.errors import EvidenceError, Fault

__all__ = ["ORIGINS", "Assumptions", "Estimate", "Machine", "estimate"]


@dataclass(frozen=True)
class Assumptions:
    """The model, the workload and what a machine reaches of its peak; every one can be changed."""

    parameters: float = 1.8e12
    hidden: float = 15360.0
    inner: float = 30720.0
    experts: float = 16.0
    active_experts: float = 2.0
    kv_heads: float = 8.0
    head_size: float = 128.0
    kv_bytes: float = 1.0
    activation_bytes: float = 2.0
    input_tokens: float = 32768.0
    output_tokens: float = 1028.0
    token_latency: float = 0.05
    first_token_latency: float = 5.0
    bandwidth_reached: float = 0.8
    arithmetic_reached: float = 0.5
    link_reached: float = 0.7
    memory_usable: float = 0.9
    network: float = 50e9
    link: float = 900e9
    link_delay: float = 5e-6
    network_delay: float = 20e-6
    most_servers: float = 16.0

    @property
    def expert(self) -> float:
        """Parameters of one expert of one layer: two matrices."""
        return 2 * self.hidden * self.inner

    @property
    def attention(self) -> float:
        """Parameters of one layer outside its experts: queries and output, keys and values."""
        return 2 * self.hidden**2 + 2 * self.hidden * self.kv_heads * self.head_size

    @property
    def layers(self) -> float:
        """As many layers as the parameters fill."""
        return self.parameters / (self.attention + self.experts * self.expert)

    @property
    def active(self) -> float:
        """Parameters at work on one token."""
        return self.layers * (self.attention + self.active_experts * self.expert)

    def changed(self, values: Mapping[str, float]) -> Assumptions:
        """Return the assumptions with some of them changed.

        Raises
        ------
        EvidenceError
            If a name is none of them, or a value is not above zero.
        """
        known = [f.name for f in fields(self)]
        wrong = [k for k in values if k not in known]
        if wrong:
            raise EvidenceError(Fault(f"there is no assumption {wrong[0]!r}", f"Use one of {', '.join(known)}"))
        bad = [k for k, v in values.items() if not (math.isfinite(v) and v > 0)]
        if bad:
            raise EvidenceError(Fault(f"{bad[0]} must be above zero", "Give a positive number"))
        return replace(self, **values)


ORIGINS = {
    "hidden": "github.com/ai-dynamo/aiconfigurator, collector/common_test_cases.py, shape named GPT-MOE-1.8T",
    "inner": "the same", "experts": "the same", "active_experts": "the same",
    "parameters": "the name of the model in the vendor's chart",
    "network": "400 Gbit/s: inferencex.semianalysis.com/blog/gb200-nvl72-vs-b200-disagg-deepseek-r1-fp4-dynamo-trt",
}  # fmt: skip


@dataclass(frozen=True)
class Machine:
    """A server of accelerators: per accelerator operations/s at 8 bit, bytes/s, bytes, bytes/s to its neighbours.

    ``precision`` is how many operations at the weights' precision come for one at 8 bit: 2 at 4 bit, which also halves
    the weights; 1 at 8 bit.
    """

    arithmetic: float
    bandwidth: float
    memory: float
    link: float
    precision: float
    per_server: int


@dataclass(frozen=True)
class Estimate:
    """Tokens per second and accelerator, and how it is served; zeros where nothing is within the limits."""

    decode: float
    prefill: float
    served: float
    servers: int
    batch: int
    token_latency: float
    first_token_latency: float
    bound: str


def estimate(machine: Machine, a: Assumptions) -> Estimate:
    """Return the best that a machine can serve: over the number of servers, the most tokens served per accelerator."""
    found = [_of(machine, a, s) for s in range(1, int(a.most_servers) + 1)]
    return max(found, key=lambda e: e.served)


def _of(m: Machine, a: Assumptions, servers: int) -> Estimate:
    none = Estimate(0.0, 0.0, 0.0, servers, 0, math.inf, math.inf, "memory")
    most = _batch_that_fits(m, a, servers)
    if most < servers:
        return none
    batch = _largest(m, a, servers, most)
    prefill, first = _prefill(m, a, servers)
    if batch < servers or first > a.first_token_latency:
        return replace(none, bound="latency")
    parts = _step(m, a, servers, batch)
    time = max(parts["reading"], parts["computing"]) + parts["transfer"]
    decode = batch / (time * servers * m.per_server)
    served = 1 / (1 / decode + a.input_tokens / a.output_tokens / prefill)
    bound = "memory size" if batch == most else "latency"
    return Estimate(
        decode, prefill, served, servers, batch, time, first, f"{bound}, {max(parts, key=lambda k: parts[k])}"
    )


def _weight_bytes(m: Machine) -> float:
    return 1.0 / m.precision


def _kv(a: Assumptions, tokens: float) -> float:
    """Bytes of one request's cache."""
    return 2 * a.layers * a.kv_heads * a.head_size * a.kv_bytes * tokens


def _batch_that_fits(m: Machine, a: Assumptions, servers: int) -> int:
    """Requests whose caches fit beside the weights; every server keeps the attention weights."""
    weights = a.layers * _weight_bytes(m) * (servers * a.attention + a.experts * a.expert)
    room = a.memory_usable * m.memory * m.per_server * servers - weights
    return max(0, int(room / _kv(a, a.input_tokens + a.output_tokens)))


def _largest(m: Machine, a: Assumptions, servers: int, most: int) -> int:
    """The largest batch whose step stays within the limit: the time grows with the batch."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        parts = _step(m, a, servers, middle)
        within = max(parts["reading"], parts["computing"]) + parts["transfer"] <= a.token_latency
        low, high = (middle, high) if within else (low, middle - 1)
    return low


@lru_cache(100_000)
def _step(m: Machine, a: Assumptions, servers: int, batch: int) -> dict[str, float]:
    """The times of one step of decoding: reading memory, computing, transfer between accelerators."""
    own, all_ = m.per_server, m.per_server * servers
    touched = a.experts * (1 - (1 - a.active_experts / a.experts) ** batch)
    context = a.input_tokens + a.output_tokens / 2
    wide = a.layers * _weight_bytes(m)
    read = wide * (a.attention / own + touched * a.expert / all_) + batch / servers * _kv(a, context) / own
    attention_ops = 4 * a.layers * a.hidden * context
    work = batch * (2 * a.active + attention_ops) / all_
    near = batch / servers * a.hidden * a.activation_bytes * 2 * (own - 1) / own / (a.link_reached * m.link / 2)
    routed = batch / all_ * a.hidden * a.activation_bytes * a.active_experts * 2
    inside = routed / servers / (a.link_reached * m.link / 2)
    across = routed * (servers - 1) / servers / (a.link_reached * a.network)
    delay = a.link_delay * 3 + (2 * a.network_delay if servers > 1 else 0.0)
    return {
        "reading": read / (a.bandwidth_reached * m.bandwidth),
        "computing": work / (a.arithmetic_reached * m.arithmetic * m.precision),
        "transfer": a.layers * (near + inside + across + delay),
    }


def _prefill(m: Machine, a: Assumptions, servers: int) -> tuple[float, float]:
    """Tokens read per second and accelerator, and the time until the first token of one request."""
    work = 2 * a.active + 2 * a.layers * a.hidden * a.input_tokens
    computing = work / (a.arithmetic_reached * m.arithmetic * m.precision)
    near = a.layers * a.hidden * a.activation_bytes * 4 / (a.link_reached * m.link / 2) / m.per_server
    routed = a.layers * a.hidden * a.activation_bytes * a.active_experts * 2
    across = routed * (servers - 1) / servers / (a.link_reached * a.network)
    each = computing + near + across
    return 1 / each, each * a.input_tokens / m.per_server
