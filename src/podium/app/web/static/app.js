/* Charts drawn from the specifications in the page, and sliders that tell their share. No page needs this file. */
(() => {
  "use strict";
  const wrap = (lines, n) => [].concat(lines || []).join(" ").split(" ").reduce((out, word) => {
    const last = out[out.length - 1];
    const wide = [...`${last} ${word}`].reduce((s, c) => s + (c > "\u1100" ? 2 : 1), 0);
    if (last && wide > n) out.push(word); else out[out.length - 1] = `${last} ${word}`.trim();
    return out;
  }, [""]);

  /* Outlines of countries are named only, long tables stand column by column. */
  const unpacked = (key, value) => {
    if (value === "@world@") return window.podiumWorld;
    const held = value && value["@columns@"];
    if (!held) return value;
    const columns = Object.entries(held).map(([k, v]) => [k, Array.isArray(v) ? v : v.at.map((i) => v.of[i])]);
    return columns[0][1].map((_, row) => Object.fromEntries(columns.map(([k, v]) => [k, v[row]])));
  };

  const sized = (spec, width) => {
    const margin = Math.min(spec.usermeta.margin, width * 0.5);
    const inner = Math.max(120, Math.floor(width - margin));
    const text = JSON.stringify(spec).replaceAll('"width":"container"', `"width":${inner}`);
    const out = JSON.parse(text, unpacked);
    if (typeof out.width === "number" && !margin) out.height = Math.round(out.height * width / out.width), out.width = width;
    if (out.title) out.title = {...out.title, text: wrap(out.title.text, width < 480 ? 38 : width / 9.2), subtitle: wrap(out.title.subtitle, width < 480 ? 50 : width / 6.6)};
    return out;
  };

  const draw = (box) => {
    const held = box.parentElement.querySelector("script.spec");
    if (!held || !window.podiumEmbed || !box.clientWidth) return;
    box.dataset.width = box.clientWidth;
    const spec = sized(JSON.parse(held.textContent), box.clientWidth);
    const options = {renderer: "svg", actions: false, ast: true, defaultStyle: false, tooltip: {disableDefaultStyle: true}};
    window.podiumEmbed(box, spec, options).then(() => {
      box.querySelector("svg").setAttribute("aria-hidden", "true"); // the box itself is the labelled image
      box.dataset.drawn = "";
    });
  };
  const drawAll = (root) => root.querySelectorAll("[data-chart]").forEach(draw);

  const shares = (set) => {
    const ranges = [...set.querySelectorAll("input[type=range]")];
    const total = ranges.reduce((s, r) => s + Number(r.value), 0);
    for (const r of ranges) {
      const share = total ? `${Math.round(100 * Number(r.value) / total)} %` : "–";
      r.closest("label").querySelector("[data-share]").textContent = share;
      r.setAttribute("aria-valuetext", share);
    }
  };

  document.addEventListener("input", (event) => {
    const set = event.target.matches("input[type=range]") && event.target.closest("[data-group]");
    if (set) shares(set);
  });
  document.addEventListener("htmx:afterSettle", (event) => drawAll(event.detail.elt.parentElement || document));
  document.addEventListener("toggle", (event) => { if (event.target.open) drawAll(event.target); }, true);
  document.addEventListener("podium:redraw", (event) => draw(event.target));
  let timer;
  addEventListener("resize", () => {
    clearTimeout(timer);
    timer = setTimeout(() => document.querySelectorAll("[data-chart]").forEach((box) => {
      if (Number(box.dataset.width) !== box.clientWidth) draw(box);
    }), 150);
  });
  const start = () => {
    document.querySelectorAll("[data-group]").forEach(shares);
    drawAll(document);
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
})();
