// Keys of ITK-SNAP and Slicer where they have one; arrows and space draw without a mouse.
const TOOLS = { 3: "polygon", 4: "paint", d: "freehand", p: "paint", e: "erase", l: "wire", s: "seed", b: "box", h: "hand", m: "ruler", x: "exclude", w: "levels" };
const ARROWS = { arrowup: [-1, 0], arrowdown: [1, 0], arrowleft: [0, -1], arrowright: [0, 1] };

export const keys = {
  // Undo and redo work wherever on the page no text is being typed; a tool chosen by the mouse gives the keys back to the canvas.
  listen() {
    const pressed = (event) => {
      const elsewhere = !this.$el.contains(event.target) && !event.target.closest("input, textarea, select, [contenteditable]");
      if (elsewhere && (event.ctrlKey || event.metaKey) && ["z", "y"].includes(event.key.toLowerCase())) this.key(event);
    };
    const clicked = (event) => { if (event.detail && event.target.closest(".perirad-tools")) this.$el.focus({ preventScroll: true }); };
    document.addEventListener("keydown", pressed);
    document.addEventListener("click", clicked);
    return () => { document.removeEventListener("keydown", pressed); document.removeEventListener("click", clicked); };
  },
  key(event) {
    const ctrl = event.ctrlKey || event.metaKey, name = event.key.toLowerCase();
    let used = true;
    if (ctrl && name === "z") event.shiftKey ? this.redo() : this.undo();
    else if (ctrl && name === "y") this.redo();
    else if (ctrl || event.altKey) used = false;
    else if (name === "n" || name === "pagedown") this.$emit("step", { by: 1 });
    else if (name === "k" || name === "pageup") this.$emit("step", { by: -1 });
    else if (name === "enter") this.enter();
    else if (name === "escape") { if (this.polygon && this.polygon.open) this.polygon = null; else this.commit(); if (this.drag && this.drag.kind === "box") this.drag = null; this.draw(); }
    else if (name === "[") this.widen(-0.25);
    else if (name === "]") this.widen(0.25);
    else if (name === "g") this.setRings(!this.ringsOn);
    else if (name === "f") this.fit();
    else if (name === "+" || name === "=") this.grow(0.5);
    else if (name === "-") this.grow(-0.5);
    else if (name === "a") this.addLesion();
    else if (name === ">" || name === ".") this.choose((this.active + 1) % this.lesions.length);
    else if (name === "<" || name === ",") this.choose((this.active + this.lesions.length - 1) % this.lesions.length);
    else if (ARROWS[name]) this.step(ARROWS[name], event.shiftKey ? 10 : 1);
    else if (name === " ") this.enterAtCursor();
    else if (TOOLS[name]) this.setTool(TOOLS[name]);
    else used = false;
    if (used) event.preventDefault();
  },
  widen(mm) { this.setRadius(this.radius + mm); this.$emit("radius", { radius: this.radius }); },
  enter() { if (this.drag && this.drag.kind === "box") this.up(); else if (this.polygon && this.polygon.open) this.close(); else this.commit(); },
  step([down, across], far) {
    const [row, column] = this.cursor || [Math.floor(this.rows / 2), Math.floor(this.columns / 2)];
    this.cursor = [Math.min(this.rows - 1, Math.max(0, row + down * far)), Math.min(this.columns - 1, Math.max(0, column + across * far))];
    this.hover = this.cursor;
    if (this.drag && this.drag.kind === "box") this.drag.to = this.cursor;
    this.say("cursor", { row: this.cursor[0], column: this.cursor[1] });
    this.draw();
  },
  // Space: a click at the cursor; a box ends at its second press.
  enterAtCursor() {
    if (!this.cursor) { this.step([0, 0], 0); return; }
    if (this.drag && this.drag.kind === "box") { this.up(); return; }
    this.press(...this.cursor);
    if (this.drag && this.drag.kind !== "box") this.up();
    if (this.tool === "polygon" && this.polygon && this.polygon.open) this.say("point", { n: this.polygon.points.length, row: this.cursor[0], column: this.cursor[1] });
  },
};
