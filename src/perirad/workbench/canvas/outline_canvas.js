// The canvas of the workbench: a picture, the lesion's pixels, rings in millimetres, tools and keys.
import {
  boxOf, cheapestPath, contour, fromRuns, lostShares, moved, paint, rasterise, ringOutlines, smoothed, toRuns,
} from "/perirad/geometry.js";

const HANDLE = 6;

export default {
  template: `<div class="perirad-canvas" tabindex="0" role="application" :aria-label="label"><canvas ref="canvas"></canvas></div>`,
  props: {
    label: String, url: String, rows: Number, columns: Number, spacing: Array, widths: Array, colours: Array, runs: Array,
    locked: Boolean,
  },
  mounted() {
    Object.assign(this, {
      view: { scale: 1, x: 0, y: 0 }, tool: "polygon", radius: 1.5, mask: new Uint8Array(this.rows * this.columns), polygon: null,
      drag: null, past: [], future: [], ringsOn: true, levels: { low: 0, high: 255 }, marks: [], pending: false, frames: [], hover: null,
      wire: null, edge: null, cost: null, exclusion: new Uint8Array(this.rows * this.columns),
    });
    if (this.runs && this.runs.length) this.mask = fromRuns(this.runs, this.mask.length);
    this.pen = this.$refs.canvas.getContext("2d");
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(this.$el);
    const canvas = this.$refs.canvas;
    canvas.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    canvas.addEventListener("pointerdown", (event) => this.down(event));
    canvas.addEventListener("pointermove", (event) => this.move(event));
    canvas.addEventListener("pointerup", (event) => this.up(event));
    canvas.addEventListener("dblclick", () => this.close());
    canvas.addEventListener("contextmenu", (event) => event.preventDefault());
    this.$el.addEventListener("keydown", (event) => this.key(event));
    this.picture = new Image();
    this.picture.onload = () => { this.readPixels(); this.fit(); this.refresh(); this.$emit("ready", { lost: this.lost }); };
    this.picture.src = this.url;
    window.periradCanvas = this;
  },
  beforeUnmount() { this.observer.disconnect(); },
  methods: {
    readPixels() {
      const hidden = document.createElement("canvas");
      hidden.width = this.columns; hidden.height = this.rows;
      const pen = hidden.getContext("2d", { willReadFrequently: true });
      pen.drawImage(this.picture, 0, 0, this.columns, this.rows);
      this.grey = pen.getImageData(0, 0, this.columns, this.rows);
      this.window();
    },
    window() {
      const shown = new ImageData(this.columns, this.rows), { low, high } = this.levels, span = Math.max(1, high - low);
      for (let k = 0; k < shown.data.length; k += 4) {
        for (let c = 0; c < 3; c++) shown.data[k + c] = (this.grey.data[k + c] - low) * 255 / span;
        shown.data[k + 3] = 255;
      }
      this.bitmap = document.createElement("canvas");
      this.bitmap.width = this.columns; this.bitmap.height = this.rows;
      this.bitmap.getContext("2d").putImageData(shown, 0, 0);
      this.draw();
    },
    setLevels(low, high) { this.levels = { low, high }; this.window(); },
    resize() {
      const box = this.$el.getBoundingClientRect(), ratio = Math.min(window.devicePixelRatio || 1, 2);
      const canvas = this.$refs.canvas;
      if (!box.width) return;
      canvas.width = Math.round(box.width * ratio); canvas.height = Math.round(box.height * ratio);
      this.ratio = ratio;
      this.fit();
    },
    // Pixels that are not square are shown in their true shape.
    aspect() { return this.spacing ? this.spacing[0] / this.spacing[1] : 1; },
    fit() {
      const canvas = this.$refs.canvas, aspect = this.aspect();
      const scale = Math.min(canvas.width / this.columns, canvas.height / (this.rows * aspect)) * 0.98;
      this.view = { scale, x: (canvas.width - this.columns * scale) / 2, y: (canvas.height - this.rows * aspect * scale) / 2 };
      this.draw();
    },
    toPixel(event) {
      const box = this.$refs.canvas.getBoundingClientRect(), { scale, x, y } = this.view;
      const px = (event.clientX - box.left) * this.ratio, py = (event.clientY - box.top) * this.ratio;
      return [(py - y) / (scale * this.aspect()) - 0.5, (px - x) / scale - 0.5];
    },
    wheel(event) {
      event.preventDefault();
      const box = this.$refs.canvas.getBoundingClientRect(), factor = Math.exp(-event.deltaY * 0.0015);
      const px = (event.clientX - box.left) * this.ratio, py = (event.clientY - box.top) * this.ratio;
      this.view.x = px - (px - this.view.x) * factor; this.view.y = py - (py - this.view.y) * factor;
      this.view.scale *= factor;
      this.draw();
    },
    down(event) {
      this.$el.focus({ preventScroll: true });
      this.$refs.canvas.setPointerCapture(event.pointerId);
      const [row, column] = this.toPixel(event);
      if (event.button === 1 || (event.button === 0 && event.shiftKey && this.tool !== "polygon") || this.tool === "hand") {
        this.drag = { kind: "pan", px: event.clientX, py: event.clientY }; return;
      }
      if (event.button === 2) { this.drag = { kind: "zoom", py: event.clientY }; return; }
      if (this.tool === "ruler") {
        this.marks.push([row, column]);
        if (this.marks.length > 2) this.marks = [[row, column]];
        if (this.marks.length === 2) this.$emit("ruler", { points: this.marks });
        this.draw(); return;
      }
      if (this.locked) return;
      if (this.tool === "seed") { this.$emit("seed", { row: Math.round(row), column: Math.round(column) }); return; }
      if (this.tool === "box") { this.drag = { kind: "box", from: [row, column], to: [row, column] }; return; }
      if (this.tool === "paint" || this.tool === "erase" || this.tool === "exclude") {
        this.remember(); this.drag = { kind: this.tool, last: [row, column] }; this.stroke(row, column); return;
      }
      if (this.tool === "freehand") { this.drag = { kind: "freehand" }; this.polygon = { points: [[row, column]], open: true }; return; }
      if (this.tool === "wire") { this.wireClick(row, column); return; }
      this.polygonClick(row, column);
    },
    nearest(row, column) {
      if (!this.polygon) return -1;
      const reach = HANDLE * 1.6 * this.ratio / this.view.scale;
      let best = -1, least = reach;
      this.polygon.points.forEach(([r, c], k) => { const d = Math.hypot((r - row) * this.aspect(), c - column); if (d < least) { least = d; best = k; } });
      return best;
    },
    polygonClick(row, column) {
      const at = this.nearest(row, column);
      if (this.polygon && this.polygon.open && at === 0 && this.polygon.points.length > 2) { this.close(); return; }
      if (this.polygon && at >= 0) { this.drag = { kind: "vertex", at }; return; }
      if (this.polygon && !this.polygon.open) {
        if (this.inside(row, column)) { this.drag = { kind: "shift", from: [row, column] }; return; }
        this.commit();
      }
      if (!this.polygon) this.polygon = { points: [], open: true };
      this.polygon.points.push([row, column]);
      this.draw();
    },
    inside(row, column) {
      let odd = false;
      const p = this.polygon.points;
      for (let i = 0, j = p.length - 1; i < p.length; j = i++) {
        if ((p[i][0] > row) !== (p[j][0] > row) && column < (p[j][1] - p[i][1]) * (row - p[i][0]) / (p[j][0] - p[i][0]) + p[i][1]) odd = !odd;
      }
      return odd;
    },
    costs() {
      if (this.cost) return this.cost;
      const { rows, columns } = this, grey = this.grey.data, size = rows * columns, slope = new Float64Array(size);
      let most = 1;
      for (let r = 1; r + 1 < rows; r++) for (let c = 1; c + 1 < columns; c++) {
        const k = r * columns + c, g = (d) => grey[4 * (k + d)];
        const x = g(1) - g(-1) + 0.5 * (g(1 - columns) - g(-1 - columns) + g(1 + columns) - g(-1 + columns));
        const y = g(columns) - g(-columns) + 0.5 * (g(columns - 1) - g(-columns - 1) + g(columns + 1) - g(-columns + 1));
        slope[k] = Math.hypot(x, y); if (slope[k] > most) most = slope[k];
      }
      this.cost = slope.map((value) => 0.02 + (1 - Math.min(1, 2 * value / most)) ** 2);
      return this.cost;
    },
    wireClick(row, column) {
      const here = [Math.min(this.rows - 1, Math.max(0, Math.round(row))), Math.min(this.columns - 1, Math.max(0, Math.round(column)))];
      if (!this.polygon || !this.polygon.open) { if (this.polygon) this.commit(); this.polygon = { points: [here], open: true }; this.wire = here; this.draw(); return; }
      if (this.nearest(row, column) === 0 && this.polygon.points.length > 2) { this.polygon.points.push(...cheapestPath(this.costs(), this.rows, this.columns, this.wire, this.polygon.points[0]).slice(1, -1)); this.close(); return; }
      this.polygon.points.push(...cheapestPath(this.costs(), this.rows, this.columns, this.wire, here).slice(1));
      this.wire = here; this.draw();
    },
    move(event) {
      const [row, column] = this.toPixel(event);
      this.hover = [row, column];
      const drag = this.drag;
      if (!drag) { if (this.tool === "paint" || this.tool === "erase" || this.tool === "exclude" || (this.polygon && this.polygon.open)) this.draw(); return; }
      if (drag.kind === "pan") { this.view.x += (event.clientX - drag.px) * this.ratio; this.view.y += (event.clientY - drag.py) * this.ratio; drag.px = event.clientX; drag.py = event.clientY; }
      if (drag.kind === "zoom") { const factor = Math.exp((drag.py - event.clientY) * 0.005), canvas = this.$refs.canvas; drag.py = event.clientY; this.view.x = canvas.width / 2 - (canvas.width / 2 - this.view.x) * factor; this.view.y = canvas.height / 2 - (canvas.height / 2 - this.view.y) * factor; this.view.scale *= factor; }
      if (drag.kind === "vertex") this.polygon.points[drag.at] = [row, column];
      if (drag.kind === "shift") { const dr = row - drag.from[0], dc = column - drag.from[1]; drag.from = [row, column]; for (const p of this.polygon.points) { p[0] += dr; p[1] += dc; } }
      if (drag.kind === "box") drag.to = [row, column];
      if (drag.kind === "freehand") { const last = this.polygon.points[this.polygon.points.length - 1]; if (Math.hypot(row - last[0], column - last[1]) > 1) this.polygon.points.push([row, column]); }
      if (drag.kind === "paint" || drag.kind === "erase" || drag.kind === "exclude") this.stroke(row, column);
      this.draw();
    },
    up() {
      const drag = this.drag;
      this.drag = null;
      if (!drag) return;
      if (drag.kind === "freehand") { if (this.polygon.points.length > 2) this.close(); else this.polygon = null; }
      if (drag.kind === "vertex" || drag.kind === "shift") this.preview();
      if (drag.kind === "box") this.$emit("box", { from: drag.from, to: drag.to });
      if (drag.kind === "paint" || drag.kind === "erase" || drag.kind === "exclude") { this.edge = null; this.changed(); }
      this.draw();
    },
    stroke(row, column) {
      const target = this.drag.kind === "exclude" ? this.exclusion : this.mask, [r0, c0] = this.drag.last, spacing = this.spacing || [1, 1];
      const steps = Math.max(1, Math.ceil(Math.hypot((row - r0) * spacing[0], (column - c0) * spacing[1]) / (this.radius / 2)));
      for (let k = 1; k <= steps; k++) paint(target, this.rows, this.columns, spacing, r0 + (row - r0) * k / steps, c0 + (column - c0) * k / steps, this.radius, this.drag.kind === "erase" ? 0 : 1);
      this.drag.last = [row, column]; this.edge = null;
    },
    // A closed polygon stays editable; its pixels join the lesion when it is committed.
    close() {
      if (!this.polygon || !this.polygon.open || this.polygon.points.length < 3) return;
      const p = this.polygon.points;
      while (p.length > 3 && Math.hypot(p[p.length - 1][0] - p[p.length - 2][0], p[p.length - 1][1] - p[p.length - 2][1]) < 0.5) p.pop();
      this.polygon.open = false; this.wire = null;
      this.remember(); this.polygon.base = this.mask.slice();
      this.preview();
    },
    preview() {
      if (!this.polygon || this.polygon.open) return;
      const drawn = rasterise([this.polygon.points], this.rows, this.columns);
      this.mask = this.polygon.base.map((pixel, k) => pixel | drawn[k]);
      this.edge = null; this.changed();
    },
    commit() { if (this.polygon && this.polygon.open) this.close(); this.polygon = null; this.draw(); },
    remember() { this.past.push(toRuns(this.mask)); this.future = []; },
    restore(from, to) {
      if (!from.length || this.locked) return;
      to.push(toRuns(this.mask)); this.polygon = null;
      this.mask = fromRuns(from.pop(), this.mask.length); this.edge = null; this.changed();
    },
    undo() { if (this.polygon && this.polygon.open) { this.polygon.points.pop(); if (!this.polygon.points.length) this.polygon = null; this.draw(); return; } this.restore(this.past, this.future); },
    redo() { this.restore(this.future, this.past); },
    setMask(runs) { if (this.locked) return; this.remember(); this.polygon = null; this.mask = fromRuns(runs, this.mask.length); this.edge = null; this.changed(); },
    clear() { if (this.locked) return; this.remember(); this.polygon = null; this.mask = new Uint8Array(this.mask.length); this.edge = null; this.changed(); },
    grow(mm) { if (this.locked) return; this.commit(); this.remember(); this.mask = moved(this.mask, this.rows, this.columns, this.spacing || [1, 1], mm); this.edge = null; this.changed(); },
    smooth() { if (this.locked) return; this.commit(); this.remember(); this.mask = smoothed(this.mask, this.rows, this.columns, this.spacing || [1, 1], this.spacing ? 0.6 : 4); this.edge = null; this.changed(); },
    setTool(tool) { if (tool !== this.tool) this.commit(); this.tool = tool; this.marks = []; this.$emit("tool", { tool }); this.draw(); },
    setRadius(mm) { this.radius = Math.max(0.1, mm); this.$emit("radius", { radius: this.radius }); this.draw(); },
    setRings(on) { this.ringsOn = on; this.draw(); },
    setSpacing(spacing) { this.givenSpacing = spacing; this.changed(); },
    runsNow() { return toRuns(this.mask); },
    changed() {
      const lost = this.spacing ? lostShares(this.mask, this.rows, this.columns, this.spacing, this.widths) : this.widths.map(() => null);
      this.lost = lost;
      this.$emit("change", { runs: toRuns(this.mask), exclusion: toRuns(this.exclusion), lost, pixels: this.mask.reduce((sum, pixel) => sum + pixel, 0) });
      this.draw();
    },
    refresh() { this.lost = this.spacing ? lostShares(this.mask, this.rows, this.columns, this.spacing, this.widths) : []; this.draw(); },
    key(event) {
      const ctrl = event.ctrlKey || event.metaKey, name = event.key.toLowerCase();
      const tools = { 3: "polygon", 4: "paint", d: "freehand", p: "paint", e: "erase", l: "wire", s: "seed", b: "box", h: "hand", m: "ruler", x: "exclude" };
      let used = true;
      if (ctrl && name === "z") event.shiftKey ? this.redo() : this.undo();
      else if (ctrl && name === "y") this.redo();
      else if (ctrl) used = false;
      else if (name === "n" || name === "pagedown") this.$emit("step", { by: 1 });
      else if (name === "k" || name === "pageup") this.$emit("step", { by: -1 });
      else if (name === "enter") this.polygon && this.polygon.open ? this.close() : this.commit();
      else if (name === "escape") { if (this.polygon && this.polygon.open) this.polygon = null; else this.commit(); this.draw(); }
      else if (name === "[") this.setRadius(this.radius - 0.25);
      else if (name === "]") this.setRadius(this.radius + 0.25);
      else if (name === "g") { this.setRings(!this.ringsOn); }
      else if (name === "f") this.fit();
      else if (name === "+" || name === "=") this.grow(0.5);
      else if (name === "-") this.grow(-0.5);
      else if (tools[name]) this.setTool(tools[name]);
      else used = false;
      if (used) event.preventDefault();
    },
    draw() {
      if (this.pending || !this.bitmap) return;
      this.pending = true;
      requestAnimationFrame((time) => { this.pending = false; this.frames.push(time); if (this.frames.length > 600) this.frames.shift(); this.paintAll(); });
    },
    lines(pen, list, colour, width, dash) {
      pen.beginPath();
      for (let k = 0; k < list.length; k += 4) { pen.moveTo(list[k] + 0.5, list[k + 1] + 0.5); pen.lineTo(list[k + 2] + 0.5, list[k + 3] + 0.5); }
      pen.setLineDash(dash || []); pen.strokeStyle = colour; pen.lineWidth = width; pen.stroke(); pen.setLineDash([]);
    },
    paintAll() {
      const pen = this.pen, canvas = this.$refs.canvas, { scale, x, y } = this.view, aspect = this.aspect();
      pen.setTransform(1, 0, 0, 1, 0, 0);
      pen.fillStyle = "#101214"; pen.fillRect(0, 0, canvas.width, canvas.height);
      pen.setTransform(scale, 0, 0, scale * aspect, x, y);
      pen.imageSmoothingEnabled = scale < 3;
      pen.drawImage(this.bitmap, 0, 0);
      const thin = this.ratio / scale, live = this.polygon && !this.polygon.open && this.drag;
      if (this.ringsOn && this.spacing) {
        if (live) this.rings = ringOutlines({ rings: [this.polygon.points] }, this.spacing, this.widths);
        else if (!this.edge || !this.rings) this.rings = ringOutlines({ mask: this.mask, rows: this.rows, columns: this.columns }, this.spacing, this.widths);
        this.rings.forEach((list, k) => { this.lines(pen, list, "rgba(0,0,0,.55)", 3 * thin); this.lines(pen, list, this.colours[k + 1], 1.6 * thin); });
      }
      if (!live) {
        if (!this.edge) this.edge = this.maskEdge();
        this.lines(pen, this.edge, "rgba(0,0,0,.6)", 3.4 * thin); this.lines(pen, this.edge, this.colours[0], 1.8 * thin);
      }
      if (this.tool === "exclude" || this.excludedEdge) {
        this.excludedEdge = this.edgeOf(this.exclusion);
        this.lines(pen, this.excludedEdge, "#ffffff", 1.6 * thin, [4 * thin, 3 * thin]);
      }
      if (this.polygon) this.paintPolygon(pen, thin);
      if (this.drag && this.drag.kind === "box") {
        const { from, to } = this.drag;
        pen.strokeStyle = "#ffffff"; pen.lineWidth = 1.4 * thin; pen.strokeRect(from[1] + 0.5, from[0] + 0.5, to[1] - from[1], to[0] - from[0]);
      }
      for (const [row, column] of this.marks) { pen.strokeStyle = "#ffffff"; pen.lineWidth = 1.6 * thin; pen.beginPath(); pen.moveTo(column - 5 * thin, row + 0.5); pen.lineTo(column + 6 * thin, row + 0.5); pen.moveTo(column + 0.5, row - 5 * thin); pen.lineTo(column + 0.5, row + 6 * thin); pen.stroke(); }
      if (this.hover && ["paint", "erase", "exclude"].includes(this.tool)) {
        const [down, across] = this.spacing || [1, 1];
        pen.strokeStyle = "#ffffff"; pen.lineWidth = 1.2 * thin; pen.beginPath();
        pen.ellipse(this.hover[1] + 0.5, this.hover[0] + 0.5, this.radius / across, this.radius / down, 0, 0, 7); pen.stroke();
      }
      pen.setTransform(1, 0, 0, 1, 0, 0);
      this.scaleBar(pen, canvas, scale);
    },
    maskEdge() { return this.edgeOf(this.mask); },
    edgeOf(mask) {
      const box = boxOf(mask, this.rows, this.columns);
      if (!box) return [];
      const top = box.top - 1, left = box.left - 1, height = box.bottom - top + 2, width = box.right - left + 2;
      const part = new Float64Array(height * width);
      for (let r = box.top; r <= box.bottom; r++) for (let c = box.left; c <= box.right; c++) part[(r - top) * width + c - left] = mask[r * this.columns + c];
      const list = contour(part, height, width, 0.5);
      for (let k = 0; k < list.length; k += 2) { list[k] += left; list[k + 1] += top; }
      return list;
    },
    paintPolygon(pen, thin) {
      const p = this.polygon.points;
      pen.beginPath();
      p.forEach(([row, column], k) => (k ? pen.lineTo(column + 0.5, row + 0.5) : pen.moveTo(column + 0.5, row + 0.5)));
      if (!this.polygon.open) pen.closePath();
      else if (this.hover && this.tool !== "freehand") pen.lineTo(this.hover[1] + 0.5, this.hover[0] + 0.5);
      pen.strokeStyle = "rgba(0,0,0,.6)"; pen.lineWidth = 3.2 * thin; pen.stroke();
      pen.strokeStyle = this.colours[0]; pen.lineWidth = 1.7 * thin; pen.stroke();
      if (p.length > 400 || this.tool === "freehand") return;
      pen.fillStyle = "#ffffff"; pen.beginPath();
      for (const [row, column] of p) pen.rect(column + 0.5 - 2 * thin, row + 0.5 - 2 * thin, 4 * thin, 4 * thin);
      pen.fill();
    },
    scaleBar(pen, canvas, scale) {
      if (!this.spacing) return;
      const mm = scale / this.spacing[1], quarter = canvas.width / 5, length = [1, 2, 5, 10, 20, 50].filter((n) => n * mm <= quarter).pop() || 1;
      const x = 16 * this.ratio, y = canvas.height - 16 * this.ratio;
      pen.lineWidth = 6 * this.ratio; pen.strokeStyle = "#000"; pen.beginPath(); pen.moveTo(x, y); pen.lineTo(x + length * mm, y); pen.stroke();
      pen.lineWidth = 3 * this.ratio; pen.strokeStyle = "#fff"; pen.stroke();
      pen.font = `600 ${13 * this.ratio}px system-ui, sans-serif`; pen.lineWidth = 3 * this.ratio; pen.strokeStyle = "#000"; pen.fillStyle = "#fff";
      pen.strokeText(`${length} mm`, x, y - 8 * this.ratio); pen.fillText(`${length} mm`, x, y - 8 * this.ratio);
    },
  },
};
