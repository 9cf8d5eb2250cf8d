/* Two units head to head, whichever are chosen: their gap by indicator, and who is ahead how often. */
(() => {
  "use strict";
  const podium = window.podium;
  const STEP = 1e-5;

  /* A unit's figures with what is missing replaced by what leaves all its scores as they are: `completed` in Python. */
  const completed = (index, means, row, weights) => {
    const full = podium.walked(index, means, row, weights);
    for (const [item, , kids] of [...index.groups].reverse()) for (const k of kids) if (full[k] !== full[k]) full[k] = full[item];
    return full.slice(0, index.indicators);
  };

  /* Each indicator's part of the gap, along the straight line from b to a: `path_shares` in Python. */
  const parts = (index, means, a, b, weights, nodes) => {
    const root = (row) => podium.walked(index, means, row, weights).at(-1), n = index.indicators, out = new Float64Array(n);
    for (const [point, weight] of nodes) {
      const at = b.map((x, k) => x + (point + 1) / 2 * (a[k] - x));
      for (let k = 0; k < n; k++) {
        const step = STEP * Math.max(Math.abs(a[k] - b[k]), 1e-9), up = at.slice(), down = at.slice();
        up[k] += step;
        down[k] -= step;
        out[k] += weight / 2 * (root(up) - root(down)) / (2 * step) * (a[k] - b[k]);
      }
    }
    const rest = root(a) - root(b) - out.reduce((s, x) => s + x, 0), size = out.reduce((s, x) => s + Math.abs(x), 0);
    return out.map((x) => x + (size ? rest * Math.abs(x) / size : 0));
  };

  podium.gap = (index, a, b, nodes) => {
    const means = index.variants[index.nominal].means, weights = index.weights;
    const [one, two] = [a, b].map((u) => completed(index, means, podium.row(index, index.nominal, u), weights));
    return {parts: parts(index, means, one, two, weights, nodes), values: [one, two]};
  };

  const begin = (page) => {
    const index = podium.prepared(window.podiumIndex), {texts} = page, form = document.getElementById("pick");
    const [first, second] = form.querySelectorAll("select"), scores = podium.scores(index, index.nominal, index.weights);
    const about = new Map(page.units.map((r) => [r.unit, r]));
    let turn = 0;

    const gapOf = (one, two) => {
      const found = podium.gap(index, index.units.indexOf(one.unit), index.units.indexOf(two.unit), page.nodes);
      const rows = [...found.parts].map((part, k) => ({item: index.items[k], name: page.items[k], part, a: found.values[0][k], b: found.values[1][k]}));
      return rows.sort((x, y) => Math.abs(y.part) - Math.abs(x.part));
    };
    const missing = (one) => podium.row(index, index.nominal, index.units.indexOf(one.unit)).map((x, k) => x === x ? null : page.items[k]).filter((x) => x);

    const show = () => {
      const mine = ++turn, one = about.get(first.value), two = about.get(second.value);
      const gap = index.sign * (scores[index.units.indexOf(one.unit)] - scores[index.units.indexOf(two.unit)]);
      const [ahead, behind] = gap >= 0 ? [one, two] : [two, one];
      const values = {a: ahead.subject, gap: podium.number(Math.abs(gap), 2), b: behind.name};
      const finding = podium.said(gap ? texts.ahead : texts.level, gap ? values : {a: one.name, b: two.name});
      document.querySelector("h1").textContent = finding;
      document.title = `${one.name} – ${two.name} · ${page.title}`;
      podium.keep([["a", one.unit], ["b", two.unit]]);
      ranks(one, two);
      parted(one, two);
      often(mine, one, two);
    };

    const ranks = (one, two) => {
      const rows = one === two ? [one] : [one, two], overlap = rows.length === 2 && one.low <= two.high && two.low <= one.high;
      const title = overlap ? texts.overlap : texts.apart, right = Math.max(...rows.map((r) => r.high)) + 1;
      podium.refill("ranks", page.standing, {
        title, rows: rows.map((r, k) => ({...r, colour: k ? "var(--rival)" : "var(--focal)"})), order: rows.map((r) => r.name),
        left: 0.5, right, ticks: page.ticks.filter((t) => t <= right),
      });
      podium.tabled("ranks", page.columns.ranks, rows);
      podium.files(document.querySelector("#chart-ranks .files"), "pair-ranks", page.columns.ranks, rows, title, page.source);
    };

    const parted = (one, two) => {
      const rows = gapOf(one, two), most = rows[0], holder = most.part >= 0 ? one : two;
      const title = podium.said(texts.most, {item: most.name, unit: holder.name, part: podium.number(Math.abs(most.part), 2)});
      podium.refill("gap", page.gap, {
        title, subtitle: podium.said(texts.parts, {a: one.name, b: two.name}), order: rows.map((r) => r.name),
        rows: rows.map((r) => ({name: r.name, part: r.part, zero: 0, colour: r.part >= 0 ? "var(--focal)" : "var(--rival)"})),
      });
      const columns = page.columns.gap.map(([key, head, digits]) => [key, key === "a" ? one.name : key === "b" ? two.name : head, digits]);
      podium.tabled("gap", columns, rows);
      podium.files(document.querySelector("#chart-gap .files"), "pair-gap", columns, rows, title, page.source);
      document.getElementById("stood-in").replaceChildren(...[one, two].filter((u) => missing(u).length).map((u) => {
        const p = document.createElement("p");
        p.className = "soft";
        p.textContent = podium.said(texts.stoodIn, {unit: u.name, items: missing(u).join(", ")});
        return p;
      }));
    };

    const often = (mine, one, two) => {
      const a = index.units.indexOf(one.unit), b = index.units.indexOf(two.unit), section = document.getElementById("how-often");
      section.hidden = !index.draws || a === b;
      if (section.hidden) return;
      const lead = (s) => { const gap = index.sign * (s[a] - s[b]); return gap > 0 ? 1 : gap === 0 ? 0.5 : 0; };
      const by = index.variants.map((_, v) => lead(podium.scores(index, v, index.weights)) === 1 ? 1 : 0);
      section.querySelector("[data-lead]").textContent = podium.said(texts.column, {a: one.name});
      const body = section.querySelector("tbody");
      body.replaceChildren();
      let after = 1;
      for (const [k, [, options]] of [...index.choices.entries()].reverse()) {
        const rows = options.map((_, o) => {
          const held = by.filter((_, v) => Math.floor(v / after) % options.length === o);
          const tr = document.createElement("tr");
          for (const text of [page.choices[k][0], page.choices[k][1][o], podium.shareSaid(held.reduce((s, x) => s + x, 0) / held.length)]) tr.insertCell().textContent = text;
          tr.cells[2].className = "n";
          return tr;
        });
        body.prepend(...rows);
        after *= options.length;
      }
      section.querySelector(".scroll").hidden = !index.choices.length;
      let wins = 0;
      const line = section.querySelector("[data-share]");
      line.classList.add("soft");
      podium.slowly(podium.drawn(index, index.weights, (s) => { wins += lead(s); }), () => mine === turn, () => {
        const n = index.draws; // the rule of three: 3 / n
        const told = wins === n ? [texts.all, podium.percent(1 - 3 / n, 2)] : wins === 0 ? [texts.none, podium.percent(3 / n, 2)] : [texts.share, podium.shareSaid(wins / n)];
        line.textContent = podium.said(told[0], {a: one.subject, b: two.name, draws: podium.number(n), share: told[1]});
        line.classList.remove("soft");
      });
    };

    const asked = () => {
      for (const [name, value] of podium.state()) {
        const pick = name === "a" ? first : name === "b" ? second : null;
        if (pick && about.has(value)) pick.value = value;
      }
      show();
    };
    form.hidden = false;
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("change", show);
    addEventListener("hashchange", asked);
    asked();
  };

  podium.start("page-pair", begin);
})();
