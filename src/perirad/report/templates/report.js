"use strict";
(() => {
  const data = (id) => { const node = document.getElementById(id); return node ? JSON.parse(node.textContent) : null; };
  const SVG = "http://www.w3.org/2000/svg";
  const make = (name, attributes, text) => {
    const node = name.startsWith("svg:") ? document.createElementNS(SVG, name.slice(4)) : document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) node.setAttribute(key, value);
    if (text !== undefined) node.textContent = text;
    return node;
  };
  const save = (url, name) => {
    const link = make("a", { href: url, download: name });
    document.body.append(link); link.click(); link.remove();
  };

  // Light and dark: as the system has it, unless the reader chose.
  const theme = document.getElementById("theme");
  const show = (name) => {
    document.documentElement.dataset.theme = name;
    theme.textContent = name === "dark" ? "Light" : "Dark";
    theme.setAttribute("aria-label", name === "dark" ? "Change to light colours" : "Change to dark colours");
  };
  if (theme) {
    show(matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
    theme.hidden = false;
    theme.addEventListener("click", () => show(document.documentElement.dataset.theme === "dark" ? "light" : "dark"));
  }

  // Every figure as SVG, or drawn anew as PNG of 600 dpi; every table as CSV.
  const asPng = (image, name, widthMm) => {
    const canvas = document.createElement("canvas");
    const width = Math.round(widthMm / 25.4 * 600);
    canvas.width = width; canvas.height = Math.round(width * image.naturalHeight / image.naturalWidth);
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#ffffff"; pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => { const url = URL.createObjectURL(blob); save(url, name); setTimeout(() => URL.revokeObjectURL(url), 1000); });
  };
  for (const figure of document.querySelectorAll("figure[data-stem]")) {
    const image = figure.querySelector("img"), stem = figure.dataset.stem;
    const tools = make("p", { class: "tools" });
    const vector = image.src.startsWith("data:image/svg");
    if (vector) {
      const button = make("button", { type: "button" }, "SVG");
      button.setAttribute("aria-label", "Download figure " + stem + " as SVG");
      button.addEventListener("click", () => save(image.src, stem + ".svg"));
      tools.append(button);
    }
    const png = make("button", { type: "button" }, vector ? "PNG, 600 dpi" : "Picture");
    png.setAttribute("aria-label", "Download figure " + stem + " as picture");
    png.addEventListener("click", () => vector ? asPng(image, stem + ".png", Number(figure.dataset.mm)) : save(image.src, stem + "." + (image.src.startsWith("data:image/png") ? "png" : "jpg")));
    tools.append(png);
    figure.append(tools);
  }
  for (const table of document.querySelectorAll(".scroll table")) {
    const button = make("button", { type: "button" }, "CSV");
    button.setAttribute("aria-label", "Download this table as CSV");
    button.addEventListener("click", () => {
      const rows = [...table.rows].map((row) => [...row.cells].map((cell) => '"' + cell.innerText.replaceAll("\n", " ").replaceAll('"', '""') + '"').join(","));
      const url = URL.createObjectURL(new Blob(["\ufeff" + rows.join("\r\n") + "\r\n"], { type: "text/csv" }));
      save(url, (table.className || "table") + ".csv"); setTimeout(() => URL.revokeObjectURL(url), 1000);
    });
    const tools = make("p", { class: "tools" }); tools.append(button);
    table.closest(".scroll").after(tools);
  }

  // The nomogram.
  const model = data("nomogram-data"), place = document.getElementById("nomogram-live");
  const basis = (variable, value) => {
    if (variable.levels.length) return variable.levels.slice(1).map((level) => (level === value ? 1 : 0));
    const t = variable.knots, k = t.length;
    if (k < 3) return [value];
    const cube = (u) => Math.max(u, 0) ** 3, scale = (t[k - 1] - t[0]) ** 2, gap = t[k - 1] - t[k - 2];
    const terms = [value];
    for (let j = 0; j < k - 2; j++) {
      terms.push((cube(value - t[j]) - cube(value - t[k - 2]) * (t[k - 1] - t[j]) / gap + cube(value - t[k - 1]) * (t[k - 2] - t[j]) / gap) / scale);
    }
    return terms;
  };
  const expit = (x) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));
  const read = (values) => {
    const row = [1], points = {};
    let at = 1;
    for (const variable of model.variables) {
      const terms = basis(variable, values[variable.name]);
      const own = (some) => some.reduce((sum, term, j) => sum + term * model.coefficients[at + j], 0);
      const zero = variable.levels.length ? variable.levels[0] : variable.axis.values[0];
      points[variable.name] = variable.axis.points[0] + model.pointsPerLp * (own(terms) - own(basis(variable, zero)));
      row.push(...terms); at += terms.length;
    }
    let lp = 0, variance = 0;
    row.forEach((left, i) => {
      lp += left * model.coefficients[i];
      row.forEach((right, j) => { variance += left * right * model.covariance[i][j]; });
    });
    const margin = model.z * Math.sqrt(Math.max(variance, 0));
    const total = Object.values(points).reduce((sum, value) => sum + value, 0);
    return { points, total, lp, risk: expit(lp), lower: expit(lp - margin), upper: expit(lp + margin) };
  };
  if (model && place) {
    const values = {}, fields = {}, marks = {};
    const W = 1000, LEFT = 240, RIGHT = 970, ROW = 62, TOP = 34;
    const rows = model.variables.length + 3;
    const chart = make("svg:svg", { viewBox: `0 0 ${W} ${TOP + rows * ROW}`, role: "img", "aria-label": "Nomogram; values are set by the fields beneath or by a click on an axis" });
    const x = (points, low, high) => LEFT + (points - low) / ((high - low) || 1) * (RIGHT - LEFT);
    const y = (row) => TOP + row * ROW;
    const line = (x1, y1, x2, y2, css) => chart.append(make("svg:line", { x1, y1, x2, y2, class: css }));
    const word = (text, at, height, css, anchor) => chart.append(make("svg:text", { x: at, y: height, class: css, "text-anchor": anchor || "middle" }, text));
    const ticks = (where, texts, row) => {
      let last = -Infinity;
      where.map((at, k) => [at, texts[k]]).sort((a, b) => a[0] - b[0]).forEach(([at, text]) => {
        line(at, y(row), at, y(row) + 6, "axis");
        const half = 4 * String(text).length + 5;
        if (at - half > last) { word(text, at, y(row) + 20, "tick"); last = at + half; }
      });
    };
    const high = Math.max(...model.totalTicks), low = Math.min(...model.totalTicks);
    word("Points", 8, y(0) + 5, "name", "start");
    line(LEFT, y(0), RIGHT, y(0), "axis");
    ticks([...Array(11).keys()].map((k) => x(10 * k, 0, 100)), [...Array(11).keys()].map((k) => 10 * k), 0);
    const marker = (row) => { const dot = make("svg:circle", { r: 7, cy: y(row), class: "mark" }); chart.append(dot); return dot; };
    model.variables.forEach((variable, k) => {
      const row = k + 1, where = variable.axis.points.map((p) => x(p, 0, 100));
      word(variable.unit ? `${variable.label} (${variable.unit})` : variable.label, 8, y(row) + 5, "name", "start");
      line(Math.min(...where), y(row), Math.max(...where), y(row), "axis");
      ticks(where, variable.axis.labels, row);
      const lead = make("svg:line", { class: "lead" }); chart.append(lead);
      const target = make("svg:rect", { x: LEFT - 20, y: y(row) - 18, width: RIGHT - LEFT + 40, height: 42, class: "target" });
      target.addEventListener("click", (event) => {
        const box = chart.getBoundingClientRect(), at = (event.clientX - box.left) / box.width * W;
        let best = null;
        if (variable.levels.length) {
          where.forEach((spot, j) => { if (best === null || Math.abs(spot - at) < best[0]) best = [Math.abs(spot - at), variable.levels[j]]; });
        } else {
          const a = variable.axis.values[0], b = variable.axis.values[variable.axis.values.length - 1];
          for (let j = 0; j <= 400; j++) {
            const value = a + (b - a) * j / 400, spot = x(read({ ...values, [variable.name]: value }).points[variable.name], 0, 100);
            if (best === null || Math.abs(spot - at) < best[0]) best = [Math.abs(spot - at), Number(value.toPrecision(4))];
          }
        }
        set(variable, best[1]);
      });
      chart.append(target);
      const note = make("svg:text", { y: y(row) - 11, class: "now", "text-anchor": "middle" });
      chart.append(note);
      marks[variable.name] = { dot: marker(row), lead, row, note };
    });
    const sums = rows - 2, risks = rows - 1;
    word("Total points", 8, y(sums) + 5, "name", "start");
    line(x(low, low, high), y(sums), x(high, low, high), y(sums), "axis");
    ticks(model.totalTicks.map((p) => x(p, low, high)), model.totalTicks, sums);
    word("Risk of " + model.event, 8, y(risks) + 5, "name", "start");
    const inside = model.riskPoints.map((p, k) => [x(p, low, high), model.riskTicks[k]]).filter(([at]) => at >= LEFT - 1 && at <= RIGHT + 1);
    if (inside.length) line(inside[0][0], y(risks), inside[inside.length - 1][0], y(risks), "axis");
    ticks(inside.map((p) => p[0]), inside.map((p) => p[1]), risks);
    const drop = make("svg:line", { class: "lead" }); chart.append(drop);
    const sumDot = marker(sums), riskDot = marker(risks);

    const form = make("form", { class: "values", autocomplete: "off" });
    form.addEventListener("submit", (event) => event.preventDefault());
    const out = document.getElementById("nomogram-out"), risk = make("output", { id: "nomogram-risk" }), detail = make("p", { id: "nomogram-detail" }), warning = make("p", { id: "nomogram-warning", role: "alert" });
    out.append(risk, detail, warning);
    const number = (value) => String(Number(value.toPrecision(6)));
    const set = (variable, value) => {
      values[variable.name] = value;
      const field = fields[variable.name];
      field.entry.value = value;
      if (field.slider) field.slider.value = value;
      update();
    };
    const update = () => {
      const found = read(values), outside = [];
      for (const variable of model.variables) {
        const points = found.points[variable.name], at = x(Math.min(Math.max(points, 0), 100), 0, 100), mark = marks[variable.name];
        mark.dot.setAttribute("cx", at);
        mark.note.setAttribute("x", at);
        mark.note.textContent = variable.levels.length ? values[variable.name] : number(values[variable.name]);
        for (const [key, value] of Object.entries({ x1: at, x2: at, y1: y(0), y2: y(mark.row) })) mark.lead.setAttribute(key, value);
        fields[variable.name].points.textContent = points.toFixed(1) + " points";
        const seen = variable.range, value = values[variable.name];
        if (seen && (value < seen[0] || value > seen[1])) outside.push(`${variable.label} ${number(value)} lies outside what training had seen (${number(seen[0])} to ${number(seen[1])})`);
      }
      const at = x(Math.min(Math.max(found.total, low), high), low, high);
      sumDot.setAttribute("cx", at); riskDot.setAttribute("cx", at);
      for (const [key, value] of Object.entries({ x1: at, x2: at, y1: y(sums), y2: y(risks) })) drop.setAttribute(key, value);
      const share = (p) => (100 * p).toFixed(1) + "%";
      risk.textContent = "Risk of " + model.event + ": " + share(found.risk);
      risk.dataset.risk = found.risk; risk.dataset.lower = found.lower; risk.dataset.upper = found.upper; risk.dataset.total = found.total;
      const side = model.cutoff === null ? "" : found.risk >= model.cutoff ? `; at or above the cut-off of ${share(model.cutoff)}` : `; below the cut-off of ${share(model.cutoff)}`;
      detail.textContent = `95% interval ${share(found.lower)} to ${share(found.upper)}; ${found.total.toFixed(1)} points in all${side}.`;
      warning.textContent = outside.length ? "Warning: " + outside.join("; ") + "." : "";
    };
    for (const variable of model.variables) {
      const id = "value-" + variable.name, box = make("div", { class: "value" });
      box.append(make("label", { for: id }, variable.unit ? `${variable.label} (${variable.unit})` : variable.label));
      const points = make("span", { class: "points" });
      let entry, slider = null;
      if (variable.levels.length) {
        entry = make("select", { id, name: variable.name });
        for (const level of variable.levels) entry.append(make("option", { value: level }, level));
        entry.addEventListener("change", () => set(variable, entry.value));
        values[variable.name] = variable.levels[0];
      } else {
        const a = variable.axis.values[0], b = variable.axis.values[variable.axis.values.length - 1];
        slider = make("input", { type: "range", min: a, max: b, step: (b - a) / 400, "aria-label": variable.label + ", slider" });
        entry = make("input", { type: "number", id, name: variable.name, step: "any" });
        slider.addEventListener("input", () => set(variable, Number(Number(slider.value).toPrecision(4))));
        entry.addEventListener("input", () => {
          if (entry.value !== "" && Number.isFinite(Number(entry.value))) { values[variable.name] = Number(entry.value); slider.value = entry.value; update(); }
        });
        const seen = variable.range || [a, b];
        values[variable.name] = Number(((seen[0] + seen[1]) / 2).toPrecision(3));
      }
      fields[variable.name] = { entry, slider, points };
      if (slider) box.append(slider);
      box.append(entry, points);
      form.append(box);
    }
    const wide = make("div", { class: "chart", tabindex: "0", role: "region", "aria-label": "Nomogram" });
    wide.append(chart); place.append(wide, form);
    for (const variable of model.variables) { fields[variable.name].entry.value = values[variable.name]; if (fields[variable.name].slider) fields[variable.name].slider.value = values[variable.name]; }
    update();
    document.getElementById("nomogram-section").hidden = false;
  }

  // Cases to leaf through.
  const shelf = data("cases-data"), browser = document.getElementById("cases-live");
  if (shelf && browser) {
    const state = { cohort: "", outcome: "", which: "", at: 0, list: [], hidden: new Set() };
    const wrong = (item) => shelf.cutoff !== null && (item.risk >= shelf.cutoff) !== (item.outcome === 1);
    const bar = make("div", { class: "browse" }), choice = (label, options, use) => {
      const field = make("select", { "aria-label": label });
      for (const [value, text] of options) field.append(make("option", { value }, text));
      field.addEventListener("change", () => { use(field.value); filter(); });
      const wrap = make("label", {}, label + " "); wrap.append(field); bar.append(wrap);
    };
    choice("Cohort", [["", "all"], ...[...new Set(shelf.cases.map((item) => item.cohort))].map((name) => [name, name])], (v) => { state.cohort = v; });
    choice("Class", [["", "all"], ["1", shelf.classes[1]], ["0", shelf.classes[0]]], (v) => { state.outcome = v; });
    choice("Show", [["", "all"], ["flag", "flagged"], ["wrong", "on the wrong side of the cut-off"]], (v) => { state.which = v; });
    const count = make("span", { class: "count", role: "status" }); bar.append(count);
    const keys = make("div", { class: "browse" });
    for (const region of shelf.regions) {
      const box = make("input", { type: "checkbox", checked: "" }), wrap = make("label", { class: "region" });
      box.addEventListener("change", () => { box.checked ? state.hidden.delete(region.name) : state.hidden.add(region.name); large(); });
      const sign = make("svg:svg", { width: 40, height: 10, "aria-hidden": "true" });
      sign.append(make("svg:path", { d: "M0 5h40", fill: "none", stroke: region.colour, "stroke-width": 3, "stroke-dasharray": region.dash }));
      wrap.append(box, sign, make("span", {}, region.text)); keys.append(wrap);
    }
    const stage = make("div", { class: "stage" }), grid = make("div", { class: "grid", role: "list", "aria-label": "All cases" });
    const before = make("button", { type: "button" }, "‹ Previous"), after = make("button", { type: "button" }, "Next ›");
    const view = make("div", { class: "view", tabindex: "0", role: "group", "aria-label": "Case; arrow keys go to the next and the previous one" });
    const move = (step) => { if (state.list.length) { state.at = (state.at + step + state.list.length) % state.list.length; large(); } };
    before.addEventListener("click", () => move(-1)); after.addEventListener("click", () => move(1));
    view.addEventListener("keydown", (event) => { if (event.key === "ArrowRight") { move(1); event.preventDefault(); } if (event.key === "ArrowLeft") { move(-1); event.preventDefault(); } });
    const picture = (item) => "data:image/jpeg;base64," + item.jpeg;
    const large = () => {
      view.replaceChildren();
      const item = shelf.cases[state.list[state.at]];
      grid.querySelectorAll("[aria-current]").forEach((node) => node.removeAttribute("aria-current"));
      if (!item) { view.append(make("p", {}, "No case is left by this choice.")); return; }
      const svg = make("svg:svg", { viewBox: `0 0 ${item.w} ${item.h}`, role: "img", "aria-label": "Case " + item.id + " with outlines" });
      svg.append(make("svg:image", { href: picture(item), width: item.w, height: item.h }));
      const group = make("svg:g", { transform: "scale(.5)" });
      for (const region of [...shelf.regions].reverse()) {
        const path = item.outlines[region.name];
        if (!path || state.hidden.has(region.name)) continue;
        group.append(make("svg:path", { d: path, class: "under" }), make("svg:path", { d: path, class: "outline", stroke: region.colour, "stroke-dasharray": region.dash }));
      }
      svg.append(group, make("svg:path", { d: `M8 ${item.h - 8}h${item.bar[0]}`, class: "scale-under" }), make("svg:path", { d: `M8 ${item.h - 8}h${item.bar[0]}`, class: "scale" }), make("svg:text", { x: 8, y: item.h - 13, class: "scale-text" }, item.bar[1]));
      const facts = make("div", { class: "facts" });
      facts.append(make("h4", {}, "Case " + item.id), make("p", {}, `${item.cohort} cohort; ${shelf.classes[item.outcome]}; predicted risk ${(100 * item.risk).toFixed(1)}%${wrong(item) ? " (on the wrong side of the cut-off)" : ""}`));
      const lost = Object.entries(item.lost).map(([name, share]) => `${name} ${(100 * share).toFixed(0)}%`).join(", ");
      facts.append(make("p", {}, item.calibration + (lost ? "; lost: " + lost : "")));
      for (const flag of item.flags) facts.append(make("p", { class: "flag" }, flag));
      facts.append(make("p", { class: "quiet" }, `${state.at + 1} of ${state.list.length}`));
      view.append(svg, facts);
      const small = grid.children[state.at];
      if (small) small.firstChild.setAttribute("aria-current", "true");
    };
    const eye = "IntersectionObserver" in window ? new IntersectionObserver((seen) => { for (const entry of seen) if (entry.isIntersecting) { const image = entry.target; image.src = picture(shelf.cases[Number(image.dataset.at)]); eye.unobserve(image); } }, { rootMargin: "300px" }) : null;
    const filter = () => {
      state.list = shelf.cases.map((item, at) => at).filter((at) => {
        const item = shelf.cases[at];
        return (!state.cohort || item.cohort === state.cohort) && (!state.outcome || String(item.outcome) === state.outcome) && (!state.which || (state.which === "flag" ? item.flags.length > 0 : wrong(item)));
      });
      state.at = 0;
      count.textContent = state.list.length + " of " + shelf.cases.length + " cases";
      grid.replaceChildren(...state.list.map((at, place) => {
        const item = shelf.cases[at], cell = make("div", { role: "listitem" }), button = make("button", { type: "button", "aria-label": "Show case " + item.id }), image = make("img", { alt: "", width: item.w, height: item.h, "data-at": at });
        if (eye) eye.observe(image); else image.src = picture(item);
        button.append(image, make("span", {}, item.id + (item.flags.length ? " ⚑" : "")));
        button.addEventListener("click", () => { state.at = place; large(); view.focus({ preventScroll: true }); });
        cell.append(button); return cell;
      }));
      large();
    };
    stage.append(before, view, after);
    browser.append(bar, keys, stage, grid);
    filter();
    document.getElementById("cases-section").hidden = false;
  }
})();
