// The canvas of the workbench: a picture, the pixels of its lesions, tools and keys. What it looks like is in paint.js.
import { paint, rasterise } from "/perirad/geometry.js";
import { keys } from "/perirad/keys.js";
import { lesions } from "/perirad/lesions.js";
import { paintAll } from "/perirad/paint.js";
import { view } from "/perirad/view.js";
import { cheapestPath, edgeCosts } from "/perirad/wire.js";

const HANDLE = 6, STROKES = ["paint", "erase", "exclude"];

export default {
  template: `<div class="perirad-canvas" tabindex="0" role="application" :aria-label="label" :aria-roledescription="words.role || 'canvas'">
    <canvas ref="canvas" aria-hidden="true"></canvas><div ref="said" class="perirad-said" aria-live="polite"></div></div>`,
  props: {
    label: String, url: String, rows: Number, columns: Number, spacing: Array, widths: Array, colours: Array, state: Object,
    field: Array, past: Array, future: Array, locked: Boolean, several: Boolean, words: Object, held: String, known: Number,
  },
  mounted() {
    const size = this.rows * this.columns;
    Object.assign(this, {
      view: { scale: 1, x: 0, y: 0 }, tool: "polygon", radius: 1.5, lesions: [new Uint8Array(size)], active: 0, exclusion: new Uint8Array(size),
      polygon: null, drag: null, ringsOn: true, levels: { low: 0, high: 255 }, marks: [], pending: false, frames: [], hover: null, cursor: null,
      wire: null, cost: null, stale: true, fingers: new Map(),
      before: (this.past || []).map((save) => ({ save })), after: (this.future || []).map((save) => ({ save })), asked: false,
      saves: this.known || 0,
    });
    if (this.state) this.take(this.state);
    this.select(0);
    this.pen = this.$refs.canvas.getContext("2d");
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(this.$el);
    const canvas = this.$refs.canvas;
    canvas.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    canvas.addEventListener("pointerdown", (event) => this.down(event));
    canvas.addEventListener("pointermove", (event) => this.move(event));
    for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, (event) => this.up(event));
    canvas.addEventListener("dblclick", () => this.close());
    canvas.addEventListener("contextmenu", (event) => event.preventDefault());
    this.$el.addEventListener("keydown", (event) => this.key(event));
    this.deafen = this.listen();
    this.picture = new Image();
    this.picture.onload = () => { this.readPixels(); this.fit(); this.refresh(); this.$emit("ready", this.told()); this.takeUp(); };
    this.picture.src = this.url;
    window.periradCanvas = this;
  },
  beforeUnmount() { this.observer.disconnect(); this.deafen(); },
  methods: {
    ...view, ...lesions, ...keys,

    down(event) {
      this.$el.focus({ preventScroll: true });
      this.$refs.canvas.setPointerCapture(event.pointerId);
      this.cursor = null;
      if (event.pointerType === "touch") {
        this.fingers.set(event.pointerId, this.onCanvas(event));
        if (this.fingers.size === 2) { this.drop(); this.drag = { kind: "pinch" }; return; }
      }
      const [row, column] = this.toPixel(event);
      if (event.button === 1 || (event.button === 0 && event.shiftKey && this.tool !== "polygon") || this.tool === "hand") {
        this.drag = { kind: "pan", px: event.clientX, py: event.clientY }; return;
      }
      if (event.button === 2) { this.drag = { kind: "zoom", py: event.clientY }; return; }
      if (this.tool === "levels") { this.drag = { kind: "levels", px: event.clientX, py: event.clientY, ...this.levels }; return; }
      this.press(row, column);
    },
    // What a click, or the space bar at the cursor, does with the tool.
    press(row, column) {
      if (this.tool === "ruler") {
        this.marks.push([row, column]);
        if (this.marks.length > 2) this.marks = [[row, column]];
        if (this.marks.length === 2) this.$emit("ruler", { points: this.marks });
        this.draw(); return;
      }
      if (this.locked) return;
      if (this.tool === "seed") this.$emit("seed", { row: Math.round(row), column: Math.round(column) });
      else if (this.tool === "box") this.drag = { kind: "box", from: [row, column], to: [row, column] };
      else if (STROKES.includes(this.tool)) { this.remember(); this.drag = { kind: this.tool, last: [row, column], leftOut: this.onLeftOut(row, column) }; this.stroke(row, column); }
      else if (this.tool === "freehand") { this.commit(); this.drag = { kind: "freehand" }; this.polygon = { points: [[row, column]], open: true }; }
      else if (this.tool === "wire") this.wireClick(row, column);
      else if (this.tool === "polygon") this.polygonClick(row, column);
      this.draw();
    },
    move(event) {
      const drag = this.drag;
      if (this.fingers.has(event.pointerId)) {
        const old = this.fingers.get(event.pointerId), now = this.onCanvas(event);
        this.fingers.set(event.pointerId, now);
        if (drag && drag.kind === "pinch") { this.pinch(event.pointerId, old, now); return; }
      }
      const [row, column] = this.toPixel(event);
      this.hover = [row, column];
      if (!drag) { if (STROKES.includes(this.tool) || (this.polygon && this.polygon.open)) this.draw(); return; }
      if (drag.kind === "pan") { this.view.x += (event.clientX - drag.px) * this.ratio; this.view.y += (event.clientY - drag.py) * this.ratio; drag.px = event.clientX; drag.py = event.clientY; }
      if (drag.kind === "zoom") { const canvas = this.$refs.canvas; this.zoom(Math.exp((drag.py - event.clientY) * 0.005), canvas.width / 2, canvas.height / 2); drag.py = event.clientY; }
      if (drag.kind === "levels") this.dragLevels(event);
      if (drag.kind === "vertex") this.polygon.points[drag.at] = [row, column];
      if (drag.kind === "shift") { const dr = row - drag.from[0], dc = column - drag.from[1]; drag.from = [row, column]; for (const p of this.polygon.points) { p[0] += dr; p[1] += dc; } }
      if (drag.kind === "box") drag.to = [row, column];
      if (drag.kind === "freehand") { const last = this.polygon.points[this.polygon.points.length - 1]; if (Math.hypot(row - last[0], column - last[1]) > 1) this.polygon.points.push([row, column]); }
      if (STROKES.includes(drag.kind)) this.stroke(row, column);
      this.draw();
    },
    up(event) {
      if (event && event.pointerId !== undefined) this.fingers.delete(event.pointerId);
      const drag = this.drag;
      this.drag = null;
      if (!drag) return;
      if (drag.kind === "freehand") { if (this.polygon.points.length > 2) this.close(); else this.polygon = null; }
      if (drag.kind === "vertex" || drag.kind === "shift") this.preview("amend");
      if (drag.kind === "box") this.$emit("box", { from: drag.from, to: drag.to });
      if (drag.kind === "levels") this.$emit("levels", this.levels);
      if (STROKES.includes(drag.kind)) this.changed("edit");
      this.draw();
    },
    // A second finger came: what the first had begun was not meant.
    drop() {
      const drag = this.drag;
      this.drag = null;
      if (drag && STROKES.includes(drag.kind)) { this.take(this.before.pop()); this.draw(); }
      if (drag && drag.kind === "freehand") this.polygon = null;
      if (!drag && this.polygon && this.polygon.open) this.polygon.points.pop();
    },
    // The eraser takes from what it begins on: the lesion, or what is left out.
    onLeftOut(row, column) {
      const k = Math.round(row) * this.columns + Math.round(column);
      return this.tool === "exclude" || (this.tool === "erase" && Boolean(this.exclusion[k]) && !this.mask[k]);
    },
    stroke(row, column) {
      const target = this.drag.leftOut ? this.exclusion : this.mask, [r0, c0] = this.drag.last, spacing = this.spacing || [1, 1];
      const steps = Math.max(1, Math.ceil(Math.hypot((row - r0) * spacing[0], (column - c0) * spacing[1]) / (this.radius / 2)));
      for (let k = 1; k <= steps; k++) paint(target, this.rows, this.columns, spacing, r0 + (row - r0) * k / steps, c0 + (column - c0) * k / steps, this.radius, this.drag.kind === "erase" ? 0 : 1);
      this.drag.last = [row, column]; this.stale = true;
    },

    // Polygon and live wire. A closed polygon stays editable; its pixels join the lesion when it is committed.
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
    },
    inside(row, column) {
      let odd = false;
      const p = this.polygon.points;
      for (let i = 0, j = p.length - 1; i < p.length; j = i++) {
        if ((p[i][0] > row) !== (p[j][0] > row) && column < (p[j][1] - p[i][1]) * (row - p[i][0]) / (p[j][0] - p[i][0]) + p[i][1]) odd = !odd;
      }
      return odd;
    },
    wireClick(row, column) {
      this.cost ||= edgeCosts(this.grey.data, this.rows, this.columns);
      const here = [Math.min(this.rows - 1, Math.max(0, Math.round(row))), Math.min(this.columns - 1, Math.max(0, Math.round(column)))];
      if (!this.polygon || !this.polygon.open) { this.commit(); this.polygon = { points: [here], open: true }; this.wire = here; return; }
      const points = this.polygon.points;
      if (this.nearest(row, column) === 0 && points.length > 2) { points.push(...cheapestPath(this.cost, this.rows, this.columns, this.wire, points[0]).slice(1, -1)); this.close(); return; }
      points.push(...cheapestPath(this.cost, this.rows, this.columns, this.wire, here).slice(1));
      this.wire = here;
    },
    close() {
      if (!this.polygon || !this.polygon.open || this.polygon.points.length < 3) return;
      const p = this.polygon.points;
      while (p.length > 3 && Math.hypot(p[p.length - 1][0] - p[p.length - 2][0], p[p.length - 1][1] - p[p.length - 2][1]) < 0.5) p.pop();
      this.polygon.open = false; this.wire = null;
      this.remember(); this.polygon.base = this.mask.slice();
      this.preview("edit");
    },
    preview(step) {
      if (!this.polygon || this.polygon.open) return;
      const drawn = rasterise([this.polygon.points], this.rows, this.columns);
      this.put(this.polygon.base.map((pixel, k) => pixel | drawn[k]));
      this.changed(step);
    },
    commit() { if (this.polygon && this.polygon.open) this.close(); this.polygon = null; this.draw(); },

    draw() {
      if (this.pending || !this.bitmap) return;
      this.pending = true;
      requestAnimationFrame((time) => { this.pending = false; this.frames.push(time); if (this.frames.length > 600) this.frames.shift(); paintAll(this); });
    },
  },
};
