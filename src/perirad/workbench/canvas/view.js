// What part of the picture is seen, how large, and how bright.
import { windowed } from "/perirad/paint.js";

export const view = {
  readPixels() {
    const hidden = document.createElement("canvas");
    hidden.width = this.columns; hidden.height = this.rows;
    const pen = hidden.getContext("2d", { willReadFrequently: true });
    pen.drawImage(this.picture, 0, 0, this.columns, this.rows);
    this.grey = pen.getImageData(0, 0, this.columns, this.rows);
    this.setLevels(this.levels.low, this.levels.high);
  },
  setLevel(end, value) {
    const { low, high } = { ...this.levels, [end]: value };
    this.setLevels(end === "high" ? Math.min(low, high - 1) : low, end === "low" ? Math.max(high, low + 1) : high);
    this.$emit("levels", this.levels);
  },
  setLevels(low, high) { this.levels = { low, high }; this.bitmap = windowed(this.grey, this.levels); this.draw(); },
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
  onCanvas(event) {
    const box = this.$refs.canvas.getBoundingClientRect();
    return [(event.clientX - box.left) * this.ratio, (event.clientY - box.top) * this.ratio];
  },
  toPixel(event) {
    const [px, py] = this.onCanvas(event), { scale, x, y } = this.view;
    return [(py - y) / (scale * this.aspect()) - 0.5, (px - x) / scale - 0.5];
  },
  zoom(factor, px, py) {
    this.view.x = px - (px - this.view.x) * factor; this.view.y = py - (py - this.view.y) * factor;
    this.view.scale *= factor;
    this.draw();
  },
  wheel(event) { event.preventDefault(); this.zoom(Math.exp(-event.deltaY * 0.0015), ...this.onCanvas(event)); },
  // Two fingers: move and zoom as they move.
  pinch(id, old, now) {
    const other = [...this.fingers].find(([key]) => key !== id);
    if (!other) return;
    const [x, y] = other[1], factor = Math.hypot(now[0] - x, now[1] - y) / Math.max(1, Math.hypot(old[0] - x, old[1] - y));
    this.view.x += (now[0] - old[0]) / 2; this.view.y += (now[1] - old[1]) / 2;
    this.zoom(factor, (now[0] + x) / 2, (now[1] + y) / 2);
  },
  // Across: contrast; up and down: brightness, as in Slicer.
  dragLevels(event) {
    const { px, py, low, high } = this.drag, half = Math.max(1, (high - low) / 2 + (event.clientX - px) / 3), middle = (low + high) / 2 - (py - event.clientY) / 3;
    this.setLevels(Math.round(middle - half), Math.round(middle + half));
  },
};
