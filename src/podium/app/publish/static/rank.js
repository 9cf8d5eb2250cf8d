/* Ranks under any weights, worked out as Podium's engine does, with the same draws. */
(() => {
  "use strict";
  const podium = window.podium = window.podium || {};
  const SAME = 2 ** -46; // scores closer than this share of their size tie
  const CHUNK = 256; // so many draws take their random numbers in one go

  const figuresOf = (text) => {
    const raw = atob(text), bytes = new Uint8Array(raw.length);
    for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
    const view = new DataView(bytes.buffer), out = new Float64Array(raw.length / 8);
    for (let i = 0; i < out.length; i++) out[i] = view.getFloat64(8 * i, true);
    return out;
  };

  /* The generator SFC64 (Chris Doty-Humphrey's PractRand), in halves of 32 bits; uniform numbers as NumPy makes them. */
  const generator = (words) => {
    const half = words.map((w) => [parseInt(w.slice(8), 16), parseInt(w.slice(0, 8), 16)]);
    let [[al, ah], [bl, bh], [cl, ch], [kl, kh]] = half;
    return (out) => {
      for (let i = 0; i < out.length; i++) {
        const sum = al + bl + kl, tl = sum >>> 0, th = (ah + bh + kh + Math.floor(sum / 4294967296)) >>> 0;
        kl = (kl + 1) >>> 0;
        if (kl === 0) kh = (kh + 1) >>> 0;
        al = (bl ^ ((bl >>> 11) | (bh << 21))) >>> 0;
        ah = (bh ^ (bh >>> 11)) >>> 0;
        const ninth = cl + ((cl << 3) >>> 0), rl = ((cl << 24) | (ch >>> 8)) >>> 0, rh = ((ch << 24) | (cl >>> 8)) >>> 0;
        bl = ninth >>> 0;
        bh = (ch + (((ch << 3) | (cl >>> 29)) >>> 0) + (ninth > 4294967295 ? 1 : 0)) >>> 0;
        const last = rl + tl;
        cl = last >>> 0;
        ch = (rh + th + (last > 4294967295 ? 1 : 0)) >>> 0;
        out[i] = (th * 2097152 + (tl >>> 11)) / 9007199254740992;
      }
      return out;
    };
  };

  const asTaken = (mean, x) => mean === 1 ? Math.log(x) : mean === 2 ? 1 / x : x;
  const finished = (mean, x) => mean === 1 ? Math.exp(x) : mean === 2 ? 1 / x : x;

  /* Units of one variant that miss the same figures share the weights that are left; theirs stand row by row. */
  const patterns = (index, variant) => {
    const found = new Map(), n = index.indicators;
    index.units.forEach((_, u) => {
      const row = podium.row(index, variant, u), key = row.map((x) => x === x ? 1 : 0).join("");
      if (!found.has(key)) found.set(key, {there: Uint8Array.from(key), rows: [], parts: []});
      found.get(key).rows.push(u);
      found.get(key).parts.push(...row.map((x) => x === x ? asTaken(index.variants[variant].mean, x) : 0));
    });
    return [...found.values()].map((p) => ({...p, rows: Uint32Array.from(p.rows), parts: Float64Array.from(p.parts), width: n}));
  };

  podium.prepared = (data) => {
    const index = {...data, figures: figuresOf(data.figures)}, n = data.items.length;
    index.variants = data.variants.map((v) => ({...v, mean: new Set(v.means).size === 1 ? v.means[0] : -1}));
    index.variants.forEach((v, k) => { if (v.mean >= 0) v.patterns = patterns(index, k); });
    index.parents = index.groups.map(([item, least, kids]) => ({item, least, kids: Uint16Array.from(kids)}));
    index.scratch = {alive: new Uint8Array(n), total: new Float64Array(n), share: new Float64Array(n)};
    return index;
  };

  /* Each indicator's weight in the root where only what is `there` has a value; null where the root has none. */
  const effective = (index, there, weights) => {
    const {alive, total, share} = index.scratch, parents = index.parents, root = parents[parents.length - 1].item;
    alive.set(there);
    for (let g = 0; g < parents.length; g++) {
      const {item, least, kids} = parents[g];
      let number = 0, sum = 0;
      for (let i = 0; i < kids.length; i++) if (alive[kids[i]]) { number += 1; sum += weights[kids[i]]; }
      alive[item] = number > 0 && number / kids.length >= least && sum > 0 ? 1 : 0;
      total[item] = sum;
    }
    if (!alive[root]) return null;
    share[root] = 1;
    for (let g = parents.length - 1; g >= 0; g--) {
      const {item, kids} = parents[g], scale = alive[item] ? share[item] / total[item] : 0;
      for (let i = 0; i < kids.length; i++) share[kids[i]] = alive[kids[i]] ? weights[kids[i]] * scale : 0;
    }
    return share;
  };

  /* The scores of all items from one row of figures, up the tree, whatever the means. */
  podium.walked = (index, means, row, weights) => {
    const value = new Float64Array(index.items.length).fill(NaN);
    value.set(row);
    index.groups.forEach(([item, least, kids], g) => {
      let sum = 0, total = 0, number = 0;
      for (const k of kids) {
        if (value[k] !== value[k]) continue;
        number += 1;
        total += weights[k];
        sum += weights[k] * asTaken(means[g], value[k]);
      }
      if (number && number / kids.length >= least && total > 0) value[item] = finished(means[g], sum / total);
    });
    return value;
  };

  /* Scores of all units under weights within the parents; NaN where a unit has too little. */
  podium.scores = (index, variant, weights) => {
    const v = index.variants[variant], out = new Float64Array(index.units.length).fill(NaN);
    if (v.mean < 0) {
      for (let u = 0; u < out.length; u++) out[u] = podium.walked(index, v.means, podium.row(index, variant, u), weights).at(-1);
      return out;
    }
    for (const {there, rows, parts, width} of v.patterns) {
      const share = effective(index, there, weights);
      if (!share) continue;
      for (let r = 0, at = 0; r < rows.length; r++) {
        let sum = 0;
        for (let k = 0; k < width; k++, at++) sum += share[k] * parts[at];
        out[rows[r]] = finished(v.mean, sum);
      }
    }
    return out;
  };

  podium.row = (index, variant, unit) => index.variants[variant].columns.map((c) => index.figures[c * index.units.length + unit]);

  /* Ranks, 1 the best, ties 1, 1, 3; NaN without a score. */
  podium.ranks = (index, scores) => {
    const known = [...scores.keys()].filter((u) => scores[u] === scores[u]);
    known.sort((a, b) => index.sign * (scores[b] - scores[a]) || a - b);
    const out = new Float64Array(scores.length).fill(NaN);
    known.forEach((u, place) => {
      const before = known[place - 1];
      const apart = place === 0 || Math.abs(scores[before] - scores[u]) > SAME * Math.abs(scores[before]);
      out[u] = apart ? place + 1 : out[before];
    });
    return out;
  };

  /* The draws in pieces of one variant, with their random numbers (item, draw); made once. */
  const pieces = (index) => {
    const out = [], many = index.variants.length;
    for (let first = 0, block = 0; first < index.draws; first += index.size, block++) {
      const fill = generator(index.states[block]), counts = new Array(many).fill(0);
      for (let d = first; d < Math.min(first + index.size, index.draws); d++) counts[Math.floor(d * many / index.draws)] += 1;
      counts.forEach((count, variant) => {
        for (let start = 0; start < count; start += CHUNK) {
          const draws = Math.min(CHUNK, count - start);
          out.push({variant, draws, uniform: index.fixed ? null : fill(new Float64Array(index.items.length * draws))});
        }
      });
    }
    return out;
  };

  /* Scores draw after draw around nominal weights; `each(scores, variant)` is called with every draw; yields after each piece. */
  podium.drawn = function* (index, weights, each) {
    index.pieces = index.pieces || pieces(index);
    const n = index.items.length, own = new Float64Array(n);
    for (const piece of index.pieces) {
      for (let d = 0; d < piece.draws; d++) {
        for (let k = 0; k < n; k++) {
          if (!piece.uniform) { own[k] = weights[k]; continue; }
          const ends = index.ends[k], low = ends ? ends[0] : (1 - index.noise[k]) * weights[k];
          const wide = ends ? ends[1] - ends[0] : 2 * index.noise[k] * weights[k];
          own[k] = piece.uniform[k * piece.draws + d] * wide + low;
        }
        each(podium.scores(index, piece.variant, own), piece.variant);
      }
      yield;
    }
  };

  /* Adds to `places` (unit, rank) where each unit stands in one draw. */
  podium.count = (index, scores, places) => {
    const n = scores.length, sorted = new Float64Array(n);
    let known = 0;
    for (let u = 0; u < n; u++) if (scores[u] === scores[u]) sorted[known++] = -index.sign * scores[u];
    const row = sorted.subarray(0, known).sort();
    for (let u = 0; u < n; u++) {
      if (scores[u] !== scores[u]) continue;
      let low = 0, high = known;
      const x = -index.sign * scores[u];
      while (low < high) { const middle = (low + high) >> 1; if (row[middle] < x) low = middle + 1; else high = middle; }
      places[u * n + low] += 1;
    }
  };

  /* A quantile (type 7) of the ranks of one unit from its counts. */
  podium.quantile = (counts, q) => {
    let total = 0;
    for (const c of counts) total += c;
    if (!total) return NaN;
    const at = (total - 1) * q, lower = Math.floor(at), upper = Math.min(lower + 1, total - 1);
    const rank = (place) => { let upto = 0, k = 0; while ((upto += counts[k]) <= place) k += 1; return k; };
    const below = rank(lower);
    return below + (at - lower) * (rank(upper) - below) + 1;
  };

  podium.share = (counts, most, draws) => {
    let sum = 0;
    for (let k = 0; k < Math.min(most, counts.length); k++) sum += counts[k];
    return sum / draws;
  };
})();
