// How the canvas looks: picture, rings, lesions, tools. Reads the canvas's state, changes only what it keeps to draw faster.
import { edgeOf, ringOutlines } from "/perirad/geometry.js";

const DARK = "rgba(0,0,0,.6)";

// The picture as a bitmap, grey values between `low` and `high` spread over all of black to white.
export function windowed(grey, { low, high }) {
  const shown = new ImageData(grey.width, grey.height), span = Math.max(1, high - low);
  for (let k = 0; k < shown.data.length; k += 4) {
    for (let c = 0; c < 3; c++) shown.data[k + c] = (grey.data[k + c] - low) * 255 / span;
    shown.data[k + 3] = 255;
  }
  const bitmap = document.createElement("canvas");
  bitmap.width = grey.width; bitmap.height = grey.height;
  bitmap.getContext("2d").putImageData(shown, 0, 0);
  return bitmap;
}

function lines(pen, list, colour, width, dash) {
  pen.beginPath();
  for (let k = 0; k < list.length; k += 4) { pen.moveTo(list[k] + 0.5, list[k + 1] + 0.5); pen.lineTo(list[k + 2] + 0.5, list[k + 3] + 0.5); }
  pen.setLineDash(dash || []); pen.strokeStyle = colour; pen.lineWidth = width; pen.stroke(); pen.setLineDash([]);
}

function rings(pen, it, thin, live) {
  if (!it.ringsOn || !it.spacing) return;
  const studied = it.active === 0;
  if (live && studied) it.rings = ringOutlines({ rings: [it.polygon.points] }, it.spacing, it.widths);
  else if (!it.rings || it.stale) it.rings = ringOutlines({ mask: it.lesions[0], rows: it.rows, columns: it.columns }, it.spacing, it.widths);
  it.rings.forEach((list, k) => { lines(pen, list, "rgba(0,0,0,.55)", 3 * thin); lines(pen, list, it.colours[k + 1], 1.6 * thin); });
}

function lesions(pen, it, thin, live) {
  if (it.stale || !it.edges) { it.edges = it.lesions.map((mask) => edgeOf(mask, it.rows, it.columns)); it.excludedEdge = edgeOf(it.exclusion, it.rows, it.columns); it.stale = false; }
  it.edges.forEach((edge, k) => {
    if (live && k === it.active) return;
    const dash = k === 0 ? [] : [7 * thin, 3 * thin];
    lines(pen, edge, DARK, 3.4 * thin, dash);
    lines(pen, edge, k === 0 ? it.colours[0] : "#ffffff", (k === it.active ? 2.2 : 1.6) * thin, dash);
  });
  lines(pen, it.excludedEdge, DARK, 3 * thin, [3 * thin, 3 * thin]);
  lines(pen, it.excludedEdge, "#ffffff", 1.6 * thin, [3 * thin, 3 * thin]);
}

function polygon(pen, it, thin) {
  if (!it.polygon) return;
  const p = it.polygon.points;
  pen.beginPath();
  p.forEach(([row, column], k) => (k ? pen.lineTo(column + 0.5, row + 0.5) : pen.moveTo(column + 0.5, row + 0.5)));
  if (!it.polygon.open) pen.closePath();
  else if (it.hover && it.tool !== "freehand") pen.lineTo(it.hover[1] + 0.5, it.hover[0] + 0.5);
  pen.strokeStyle = DARK; pen.lineWidth = 3.2 * thin; pen.stroke();
  pen.strokeStyle = it.active === 0 ? it.colours[0] : "#ffffff"; pen.lineWidth = 1.7 * thin; pen.stroke();
  if (p.length > 400 || it.tool === "freehand") return;
  pen.fillStyle = "#ffffff"; pen.beginPath();
  for (const [row, column] of p) pen.rect(column + 0.5 - 2 * thin, row + 0.5 - 2 * thin, 4 * thin, 4 * thin);
  pen.fill();
}

function cross(pen, [row, column], reach, thin) {
  pen.beginPath();
  pen.moveTo(column + 0.5 - reach, row + 0.5); pen.lineTo(column + 0.5 + reach, row + 0.5);
  pen.moveTo(column + 0.5, row + 0.5 - reach); pen.lineTo(column + 0.5, row + 0.5 + reach);
  pen.strokeStyle = DARK; pen.lineWidth = 3 * thin; pen.stroke();
  pen.strokeStyle = "#ffffff"; pen.lineWidth = 1.6 * thin; pen.stroke();
}

function tools(pen, it, thin) {
  if (it.drag && it.drag.kind === "box") {
    const { from, to } = it.drag;
    pen.strokeStyle = "#ffffff"; pen.lineWidth = 1.4 * thin; pen.strokeRect(from[1] + 0.5, from[0] + 0.5, to[1] - from[1], to[0] - from[0]);
  }
  for (const mark of it.marks) cross(pen, mark, 5 * thin, thin);
  if (it.cursor) cross(pen, it.cursor, 9 * thin, thin);
  const at = it.hover || it.cursor;
  if (at && ["paint", "erase", "exclude"].includes(it.tool)) {
    const [down, across] = it.spacing || [1, 1];
    pen.strokeStyle = "#ffffff"; pen.lineWidth = 1.2 * thin; pen.beginPath();
    pen.ellipse(at[1] + 0.5, at[0] + 0.5, it.radius / across, it.radius / down, 0, 0, 7); pen.stroke();
  }
}

function text(pen, it, words, x, y) {
  pen.font = `600 ${13 * it.ratio}px system-ui, sans-serif`; pen.lineWidth = 3 * it.ratio;
  pen.strokeStyle = "#000"; pen.fillStyle = "#fff"; pen.strokeText(words, x, y); pen.fillText(words, x, y);
}

// Numbers of the lesions, right of each, where there are several.
function numbers(pen, it) {
  if (it.lesions.length < 2) return;
  const { scale, x, y } = it.view, aspect = it.aspect();
  it.edges.forEach((edge, k) => {
    let most = -1, row = 0;
    for (let at = 0; at < edge.length; at += 2) if (edge[at] > most) { most = edge[at]; row = edge[at + 1]; }
    if (most >= 0) text(pen, it, String(k + 1), (most + 1) * scale + x + 5 * it.ratio, (row + 0.5) * scale * aspect + y + 5 * it.ratio);
  });
}

function scaleBar(pen, it, canvas, scale) {
  if (!it.spacing) return;
  const mm = scale / it.spacing[1], quarter = canvas.width / 5, length = [1, 2, 5, 10, 20, 50].filter((n) => n * mm <= quarter).pop() || 1;
  const x = 16 * it.ratio, y = canvas.height - 16 * it.ratio;
  pen.lineWidth = 6 * it.ratio; pen.strokeStyle = "#000"; pen.beginPath(); pen.moveTo(x, y); pen.lineTo(x + length * mm, y); pen.stroke();
  pen.lineWidth = 3 * it.ratio; pen.strokeStyle = "#fff"; pen.stroke();
  text(pen, it, `${length} mm`, x, y - 8 * it.ratio);
}

export function paintAll(it) {
  const pen = it.pen, canvas = it.$refs.canvas, { scale, x, y } = it.view, aspect = it.aspect();
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.fillStyle = "#101214"; pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.setTransform(scale, 0, 0, scale * aspect, x, y);
  pen.imageSmoothingEnabled = scale < 3;
  pen.drawImage(it.bitmap, 0, 0);
  const thin = it.ratio / scale, live = Boolean(it.polygon && !it.polygon.open && it.drag);
  rings(pen, it, thin, live);
  lesions(pen, it, thin, live);
  polygon(pen, it, thin);
  tools(pen, it, thin);
  pen.setTransform(1, 0, 0, 1, 0, 0);
  numbers(pen, it);
  scaleBar(pen, it, canvas, scale);
}
