/* What the pages of a published site share: numbers and sentences in their language, charts filled anew, state. */
(() => {
  "use strict";
  const podium = window.podium = window.podium || {};
  const block = (id) => { const held = document.getElementById(id); return held && JSON.parse(held.textContent); };

  podium.start = (id, begin) => {
    const go = () => { if (document.getElementById(id)) begin(block(id)); };
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", go); else go();
  };

  podium.said = (text, values) => text.replace(/\{(\w+)\}/g, (_, key) => values[key]);
  const whole = (x) => { const up = Math.round(x); return x % 1 === 0.5 && up % 2 ? up - 1 : up; }; // halves to the even one
  const none = (x) => x === null || x !== x;
  podium.number = (x, digits = 0) => {
    if (none(x)) return "–";
    const shown = x.toLocaleString(document.documentElement.lang, {minimumFractionDigits: digits, maximumFractionDigits: digits});
    return shown === "-0" ? "0" : shown;
  };
  const percent = (text) => `${text}\u00a0%`;
  podium.shareSaid = (x) => none(x) ? "–" : percent(x > 0 && x < 0.01 ? "< 1" : x > 0.99 && x < 1 ? "> 99" : whole(100 * x));
  podium.percent = (x, digits) => percent(podium.number(100 * x, digits));
  podium.ranksSaid = (low, high) => {
    if (none(low)) return "–";
    return whole(low) === whole(high) ? podium.number(whole(low)) : `${podium.number(whole(low))}–${podium.number(whole(high))}`;
  };

  /* Goes through work in slices that leave the page free to answer, while it is still wanted. */
  podium.slowly = (work, wanted, done) => {
    const go = () => {
      if (!wanted()) return;
      const until = performance.now() + 14;
      while (performance.now() < until) if (work.next().done) { done(); return; }
      setTimeout(go, 0);
    };
    go();
  };

  /* A chart's skeleton with its slots filled: `@@name@@` is a value, a list of it alone takes a list. */
  const put = (x, values) => {
    const slot = typeof x === "string" && /^@@(\w+)@@$/.exec(x);
    if (slot) return slot[1] in values ? values[slot[1]] : x;
    if (Array.isArray(x)) {
      const filled = x.map((v) => put(v, values));
      return filled.length === 1 && typeof x[0] === "string" && Array.isArray(filled[0]) ? filled[0] : filled;
    }
    return x && typeof x === "object" ? Object.fromEntries(Object.entries(x).map(([k, v]) => [k, put(v, values)])) : x;
  };

  podium.refill = (name, skeleton, values) => {
    const figure = document.getElementById(`chart-${name}`);
    if (!figure || !skeleton) return;
    const box = figure.querySelector("[data-chart]");
    box.setAttribute("aria-label", values.title);
    figure.querySelector("script.spec").textContent = JSON.stringify(put(skeleton, values));
    box.dispatchEvent(new CustomEvent("podium:redraw", {bubbles: true}));
  };

  /* The table behind a chart, as columns of [key, head, digits] show it. */
  podium.tabled = (name, columns, rows) => {
    const body = document.querySelector(`#chart-${name} .fallback tbody`);
    if (!body) return;
    body.closest("table").querySelectorAll("thead th").forEach((th, k) => { th.textContent = columns[k][1]; });
    body.replaceChildren(...rows.map((row) => {
      const tr = document.createElement("tr");
      for (const [key, , digits] of columns) {
        const td = tr.insertCell();
        if (digits !== null) td.className = "n";
        td.textContent = digits === null ? row[key] : podium.number(row[key], digits);
      }
      return tr;
    }));
  };

  /* The links to a table's files lead to what is shown now. */
  podium.files = (links, name, columns, rows, title, source) => {
    const safe = (x) => typeof x === "string" && /^[=+\-@\t\r＝＋－＠]/.test(x) ? `'${x}` : x;
    const cell = (x) => { const text = none(x) || x === undefined ? "" : String(safe(x)); return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text; };
    const keys = columns.map((c) => c[0]);
    const csv = [keys, ...rows.map((r) => keys.map((k) => r[k]))].map((r) => r.map(cell).join(",")).join("\r\n");
    const json = JSON.stringify({title, source, rows: rows.map((r) => Object.fromEntries(keys.map((k) => [k, none(r[k]) ? null : r[k]])))});
    for (const link of links ? links.querySelectorAll("a[download]") : []) {
      const kind = link.textContent.trim().toLowerCase();
      link.href = kind === "csv" ? `data:text/csv;charset=utf-8,${encodeURIComponent(`\ufeff${csv}\r\n`)}` : `data:application/json,${encodeURIComponent(json)}`;
      link.download = `podium-${name}.${kind}`;
    }
  };

  /* The state after the `#`, so that a link says what is seen, in the other language too. */
  podium.state = () => [...new URLSearchParams(location.hash.slice(1))];
  podium.keep = (parts) => {
    const hash = parts.length ? `#${new URLSearchParams(parts)}` : "";
    history.replaceState(null, "", hash || location.pathname + location.search);
    for (const link of document.querySelectorAll(".langs a")) link.href = link.href.split("#")[0] + hash;
  };
})();
