/* The ranking of a published site: sliders, choices and filters re-rank here, intervals follow once one lets go. */
(() => {
  "use strict";
  const podium = window.podium, QUANTILES = [["low", 0.05], ["q1", 0.25], ["median", 0.5], ["q3", 0.75], ["high", 0.95]];
  const PAUSE = 120; // milliseconds without a move before draws begin

  const begin = (page) => {
    const form = document.getElementById("controls"), body = document.querySelector("table.ranks tbody");
    const rowsOf = new Map([...body.rows].map((tr) => [tr.dataset.unit, tr]));
    const index = window.podiumIndex && podium.prepared(window.podiumIndex);
    const base = page.units.map((u) => ({...u}));
    const before = new Map(base.map((r) => [r.unit, r.rank]));
    const texts = page.texts;
    const held = {rows: base, changed: false, firm: true};
    let turn = 0, quiet = false;

    const sliders = index ? [...form.querySelectorAll("input[type=range]")] : [];
    const picks = index ? [...form.querySelectorAll("select[name^='o.']")] : [];
    const filters = [...form.querySelectorAll("[name=region],[name=income],[name=search]")];

    const weightsNow = () => {
      const out = Float64Array.from(index.weights);
      for (const s of sliders) if (s.value !== s.defaultValue) out[index.items.indexOf(s.name.slice(2))] = Number(s.value);
      return out;
    };
    const variantNow = () => {
      let at = 0;
      for (const [name, options] of index.choices) {
        const pick = picks.find((p) => p.name === `o.${name}`);
        at = at * options.length + options.indexOf(pick ? pick.value : page.own[name]);
      }
      return index.choices.length ? at : index.nominal;
    };
    const changedInputs = () => [...sliders.filter((s) => s.value !== s.defaultValue), ...picks.filter((p) => p.value !== page.own[p.name.slice(2)])];

    /* Rows in the order of their ranks; intervals of before stay until new ones are known. */
    const ranked = (scores, ranks) => {
      const old = new Map(held.rows.map((r) => [r.unit, r]));
      const known = [...scores.keys()].filter((k) => ranks[k] === ranks[k]).sort((a, b) => ranks[a] - ranks[b] || a - b);
      return known.map((k) => {
        const unit = index.units[k], row = {...(old.get(unit) || page.units.find((u) => u.unit === unit))};
        const was = before.get(unit);
        return {...row, k, score: scores[k], rank: ranks[k], moved: was === undefined ? 0 : was - ranks[k]};
      });
    };
    const blank = {low: NaN, q1: NaN, median: NaN, q3: NaN, high: NaN, first: NaN, top3: NaN, top10: NaN};

    const rerank = () => {
      const mine = ++turn;
      held.changed = changedInputs().length > 0;
      keep();
      if (!held.changed) { held.rows = base; held.firm = true; show(); return; }
      const weights = weightsNow(), variant = variantNow(), scores = podium.scores(index, variant, weights);
      held.rows = ranked(scores, podium.ranks(index, scores));
      held.firm = false;
      if (!index.draws) { held.rows = held.rows.map((r) => ({...r, ...blank})); held.firm = true; }
      show();
      if (index.draws) setTimeout(() => { if (mine === turn) draw(mine, weights); }, PAUSE);
    };

    const draw = (mine, weights) => {
      const n = index.units.length, places = new Uint32Array(n * n);
      const work = podium.drawn(index, weights, (scores) => podium.count(index, scores, places));
      podium.slowly(work, () => mine === turn, () => {
        held.rows = held.rows.map((r) => {
          const counts = places.subarray(r.k * n, (r.k + 1) * n), share = (most) => podium.share(counts, most, index.draws);
          const found = Object.fromEntries(QUANTILES.map(([key, q]) => [key, podium.quantile(counts, q)]));
          return {...r, ...found, first: share(1), top3: share(3), top10: share(10)};
        });
        held.firm = true;
        show();
      });
    };

    const passes = (r) => filters.every((f) => {
      const wanted = f.value.trim().toLowerCase();
      if (f.name === "search") return !wanted || r.name.toLowerCase().includes(wanted) || r.unit.toLowerCase().includes(wanted);
      return !wanted || r[f.name] === f.value;
    });

    const show = () => {
      const rows = held.rows.filter(passes), top = Math.max(1, ...held.rows.map((r) => r.high === r.high ? r.high : r.rank));
      document.getElementById("standing").classList.toggle("stale", !held.firm);
      document.getElementById("changed").hidden = !held.changed;
      document.getElementById("shown").textContent = podium.said(texts.shown, {n: rows.length, all: held.rows.length});
      body.replaceChildren(...rows.map((r) => filled(rowsOf.get(r.unit) || body.rows[0], r, top + 1)));
      if (!rows.length) body.insertRow().insertCell().append(texts.none), body.rows[0].cells[0].colSpan = 8;
      if (!held.firm) return;
      document.querySelector("#standing h1").textContent = finding(rows);
      charts(rows, top);
      const links = document.querySelector("#standing p .files");
      podium.files(links, "ranking", page.columns, rows, finding(rows), page.source);
      podium.files(document.querySelector("#chart-standing .files"), "ranking", page.columns, rows, finding(rows), page.source);
    };

    const filled = (tr, r, top) => {
      const cells = tr.cells, strip = tr.querySelector("svg"), x = (rank) => (2 + (rank - 0.5) * 196 / (top - 0.5)).toFixed(1);
      cells[0].textContent = podium.number(r.rank);
      cells[1].replaceChildren(...moved(r.moved));
      cells[3].textContent = podium.number(r.score, 1);
      cells[4].textContent = podium.ranksSaid(r.low, r.high);
      cells[6].textContent = podium.shareSaid(r.top3);
      cells[7].textContent = podium.shareSaid(r.top10);
      strip.setAttribute("aria-label", r.low === r.low ? podium.said(texts.strip, {range: podium.ranksSaid(r.low, r.high), median: podium.number(r.median)}) : podium.number(r.rank));
      for (const [name, from, to] of [["thin", r.low, r.high], ["thick", r.q1, r.q3], ["median", r.median, r.median], ["nominal", r.rank, r.rank]]) {
        const line = strip.querySelector(`.${name}`);
        if (!line) continue;
        line.setAttribute("visibility", from === from ? "visible" : "hidden");
        if (from === from) line.setAttribute("x1", x(from)), line.setAttribute("x2", x(to));
      }
      return tr;
    };

    const moved = (n) => {
      const part = (kind, text) => { const s = document.createElement("span"); s.className = kind; s.textContent = text; return s; };
      const sign = part("", n > 0 ? "▲" : n < 0 ? "▼" : "·");
      sign.setAttribute("aria-hidden", "true");
      if (!n) { sign.className = "soft"; return [sign, part("sr", texts.unmoved)]; }
      const all = part(n > 0 ? "up" : "down", "");
      all.append(sign, part("sr", `${n > 0 ? texts.up : texts.down} `), String(Math.abs(n)));
      return [all];
    };

    const finding = (rows) => {
      if (!held.rows.length) return texts.none;
      const first = held.rows[0], unit = first.subject;
      if (first.first !== first.first) return podium.said(texts.leads, {unit});
      const able = held.rows.filter((r) => r.top3 >= 0.05).length, share = podium.shareSaid(first.first);
      return podium.said(able <= 3 ? texts.leadsIn : texts.leadsAble, {unit, share, n: able});
    };

    const title = (rows) => {
      const apart = rows.filter((r, k) => k && rows[k - 1].high < r.low).length;
      if (rows.length < 2 || rows[0].low !== rows[0].low) return texts.where;
      return apart ? podium.said(texts.apart, {n: apart, all: rows.length - 1}) : texts.overlap;
    };

    const charts = (rows, top) => {
      const lead = rows.slice(0, page.leading).map((r, k) => ({
        ...(r.low === r.low ? r : {...r, low: r.rank, q1: r.rank, median: r.rank, q3: r.rank, high: r.rank}),
        colour: k === 0 || r.moved ? "var(--focal)" : "var(--rest)",
      }));
      const right = Math.max(1, ...lead.map((r) => r.high)) + 1;
      if (lead.length) podium.refill("standing", page.standing, {
        title: title(rows), rows: lead, order: lead.map((r) => r.name), left: 0.5, right, ticks: page.ticks.filter((t) => t <= right),
      });
      podium.refill("world", page.world, {
        title: texts.map, rows: held.rows.map((r) => ({...r, range: podium.ranksSaid(r.low, r.high), strength: page.classes.find(([end]) => r.rank <= end)[1]})),
      });
    };

    const keep = () => podium.keep([
      ...filters.filter((f) => f.value).map((f) => [f.name, f.value]),
      ...changedInputs().map((i) => [i.name, i.value]),
    ]);

    const reset = (event) => {
      if (event) event.preventDefault();
      for (const s of sliders) s.value = s.defaultValue;
      for (const p of picks) p.value = page.own[p.name.slice(2)];
      quiet = true; // the sliders' own labels follow each, the ranking all of them together
      sliders.forEach((s) => s.dispatchEvent(new Event("input", {bubbles: true})));
      quiet = false;
      rerank();
    };

    for (const [name, value] of podium.state()) {
      const input = form.elements.namedItem(name);
      if (!input) continue;
      if (input.type === "range") input.max = Math.max(Number(input.max), Number(value) || 0), input.step = "any";
      input.value = value;
      if (input.value === "" && input.tagName === "SELECT") input.selectedIndex = 0;
    }
    form.hidden = false;
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", (event) => {
      if (filters.includes(event.target)) { keep(); show(); } else if (!quiet) rerank();
    });
    document.querySelectorAll("[data-reset]").forEach((link) => link.addEventListener("click", reset));
    if (podium.state().length) rerank();
  };

  podium.start("page-ranking", begin);
})();
