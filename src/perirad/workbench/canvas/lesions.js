// Lesions, undo, and what is told of them.
import { fromRuns, lostShares, moved, smoothed, toRuns } from "/perirad/geometry.js";

export const lesions = {
  // Lesions: the first is studied, the others are left out of its rings.
  put(mask) { this.mask = this.lesions[this.active] = mask; this.stale = true; },
  select(at) { this.commit(); this.active = Math.min(Math.max(at, 0), this.lesions.length - 1); this.mask = this.lesions[this.active]; this.stale = true; this.draw(); },
  choose(at) { this.select(at); this.$emit("lesion", this.told()); this.say("lesion", { n: this.active + 1 }); },
  addLesion() {
    if (this.locked || !this.several) return;
    this.commit();
    const empty = this.lesions.findIndex((mask) => !mask.includes(1));
    if (empty >= 0) { this.choose(empty); return; }
    this.lesions.push(new Uint8Array(this.rows * this.columns));
    this.choose(this.lesions.length - 1);
  },
  removeLesion() {
    if (this.locked) return;
    this.commit(); this.remember();
    if (this.lesions.length > 1) this.lesions.splice(this.active, 1); else this.lesions = [new Uint8Array(this.rows * this.columns)];
    this.select(Math.min(this.active, this.lesions.length - 1)); this.changed("edit");
  },
  studyLesion() {
    if (this.locked || this.active === 0) return;
    this.commit(); this.remember();
    this.lesions.unshift(...this.lesions.splice(this.active, 1));
    this.select(0); this.changed("edit");
  },

  // Undo without limit, beyond this page too: states that were saved before it was opened are asked for by number.
  snapshot() { return { lesions: this.lesions.map(toRuns), exclusion: toRuns(this.exclusion), active: this.active }; },
  take(state) {
    const size = this.rows * this.columns;
    this.lesions = state.lesions.map((runs) => fromRuns(runs, size)); this.exclusion = fromRuns(state.exclusion, size);
    this.active = Math.min(state.active || 0, this.lesions.length - 1); this.mask = this.lesions[this.active];
    this.polygon = null; this.stale = true;
  },
  remember() { this.before.push(this.snapshot()); this.after = []; },
  restore(step) {
    const [from, to] = step === "undo" ? [this.before, this.after] : [this.after, this.before];
    if (!from.length || this.locked || this.asked) return;
    if (from[from.length - 1].lesions) { this.recalled(from[from.length - 1], step); return; }
    this.asked = true;
    this.$emit("recall", { save: from[from.length - 1].save, step });
  },
  recalled(state, step) {
    const [from, to] = step === "undo" ? [this.before, this.after] : [this.after, this.before];
    this.asked = false;
    from.pop(); to.push(this.snapshot()); this.take(state); this.changed(step);
  },
  undo() { if (this.polygon && this.polygon.open) { this.polygon.points.pop(); if (!this.polygon.points.length) this.polygon = null; this.draw(); return; } this.restore("undo"); },
  redo() { this.restore("redo"); },
  edit(make) { if (this.locked) return; this.commit(); this.remember(); this.put(make(this.mask)); this.changed("edit"); },
  setMask(runs) { this.edit((mask) => fromRuns(runs, mask.length)); },
  clear() { this.edit((mask) => new Uint8Array(mask.length)); },
  grow(mm) { this.edit((mask) => moved(mask, this.rows, this.columns, this.spacing || [1, 1], mm)); },
  smooth() { this.edit((mask) => smoothed(mask, this.rows, this.columns, this.spacing || [1, 1], this.spacing ? 0.6 : 4)); },
  setTool(tool) { if (tool !== this.tool) this.commit(); this.tool = tool; this.marks = []; this.$emit("tool", { tool }); this.say(tool); this.draw(); },
  setRadius(mm) { this.radius = Math.max(0.1, mm); this.draw(); },
  setMarks(marks) { this.marks = marks; this.draw(); },
  setRings(on) { this.ringsOn = on; this.draw(); },
  runsNow() { return toRuns(this.mask); },

  // What is told to the server, and said to who cannot see the canvas.
  unusable() {
    const out = this.exclusion.slice(), [top, left, bottom, right] = this.field || [0, 0, this.rows, this.columns];
    for (const mask of this.lesions.slice(1)) for (let k = 0; k < out.length; k++) out[k] |= mask[k] & (this.lesions[0][k] ^ 1);
    if (top || left || bottom < this.rows || right < this.columns) {
      for (let r = 0; r < this.rows; r++) for (let c = 0; c < this.columns; c++) if (r < top || r >= bottom || c < left || c >= right) out[r * this.columns + c] = 1;
    }
    return out;
  },
  refresh() {
    this.lost = this.spacing ? lostShares(this.lesions[0], this.rows, this.columns, this.spacing, this.widths, this.unusable()) : this.widths.map(() => null);
    this.draw();
  },
  told() {
    const mm2 = this.spacing ? this.spacing[0] * this.spacing[1] : null, pixels = this.lesions.map((mask) => mask.reduce((sum, pixel) => sum + pixel, 0));
    return { lost: this.lost, active: this.active, pixels, areas: pixels.map((n) => (mm2 ? n * mm2 : null)) };
  },
  changed(step) {
    this.refresh();
    const { lesions, exclusion } = this.snapshot(), told = this.told();
    this.holdBack({ lesions, exclusion });
    this.$emit("change", { runs: lesions[0], others: lesions.slice(1).filter((runs) => runs.length > 1), exclusion, step, sent: this.sent, ...told });
    this.say("now", { n: this.active + 1, area: told.areas[this.active] === null ? `${told.pixels[this.active]} px` : `${told.areas[this.active].toFixed(1)} mm²` });
  },
  // What the server has not said it kept stays in the browser too: drawing outlives a server that is gone.
  holdBack(state) {
    this.sent = (this.sent || 0) + 1;
    if (!this.held) return;
    try { localStorage.setItem(this.held, JSON.stringify({ saves: this.saves, ...state })); } catch { /* no room: the server keeps it */ }
  },
  kept(sent, saves) {
    this.saves = saves;
    if (this.held && sent === this.sent) localStorage.removeItem(this.held);
  },
  // Take up what was drawn while the server was gone, unless it was drawn on since.
  takeUp() {
    if (!this.held || this.locked) return;
    const found = localStorage.getItem(this.held);
    if (!found) return;
    localStorage.removeItem(this.held);
    const state = JSON.parse(found), { lesions, exclusion } = this.snapshot(), size = this.rows * this.columns;
    const fits = [...state.lesions, state.exclusion].every((runs) => runs.reduce((sum, n) => sum + n, 0) === size);
    if (!fits || state.saves < this.saves || JSON.stringify({ lesions, exclusion }) === JSON.stringify({ lesions: state.lesions, exclusion: state.exclusion })) return;
    this.remember(); this.take(state); this.changed("edit");
  },
  say(key, values = {}) {
    const words = this.words && this.words[key];
    if (words) this.$refs.said.textContent = words.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  },
};
