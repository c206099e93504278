// Masks, polygons and distances on the pixels of a picture: no drawing, no page. Rows and columns count pixel centres.

// Pixels whose centres lie in a polygon of [row, column]: the rule of perirad.image.polygon.rasterise, crossing by crossing.
export function rasterise(rings, rows, columns) {
  const odd = new Uint8Array(rows * (columns + 1));
  for (const ring of rings) {
    for (let k = 0; k < ring.length; k++) {
      const start = ring[k], end = ring[(k + 1) % ring.length];
      const [upper, lower] = start[0] > end[0] ? [end, start] : [start, end];
      const first = Math.min(Math.max(Math.ceil(upper[0]), 0), rows), last = Math.min(Math.max(Math.ceil(lower[0]), 0), rows);
      for (let row = first; row < last; row++) {
        const crossing = upper[1] + (row - upper[0]) * (lower[1] - upper[1]) / (lower[0] - upper[0]);
        const column = Math.min(Math.max(Math.ceil(crossing), 0), columns);
        odd[row * (columns + 1) + column] ^= 1;
      }
    }
  }
  const mask = new Uint8Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    let inside = 0;
    for (let column = 0; column < columns; column++) {
      inside ^= odd[row * (columns + 1) + column];
      mask[row * columns + column] = inside;
    }
  }
  return mask;
}

// Lengths of runs of 0 and 1 in turn, beginning with 0, row by row.
export function toRuns(mask) {
  const runs = [];
  let value = 0, length = 0;
  for (const pixel of mask) {
    if (pixel === value) length++;
    else { runs.push(length); value = pixel; length = 1; }
  }
  runs.push(length);
  return runs;
}

export function fromRuns(runs, size) {
  const mask = new Uint8Array(size);
  let at = 0, value = 0;
  for (const length of runs) { if (value) mask.fill(1, at, at + length); at += length; value ^= 1; }
  return mask;
}

// Squared Euclidean distance in mm to the nearest pixel of a mask (Felzenszwalb and Huttenlocher 2012), Infinity if there is none.
export function squaredDistance(mask, rows, columns, down, across) {
  const found = new Float64Array(rows * columns), line = new Float64Array(Math.max(rows, columns));
  const sites = new Int32Array(line.length), bounds = new Float64Array(line.length + 1);
  for (let k = 0; k < found.length; k++) found[k] = mask[k] ? 0 : Infinity;
  const pass = (offset, stride, count, step) => {
    let last = -1;
    for (let q = 0; q < count; q++) {
      const value = found[offset + q * stride];
      line[q] = value;
      if (value === Infinity) continue;
      let from = -Infinity;
      while (last >= 0) {
        const p = sites[last];
        from = ((value + (q * step) ** 2) - (line[p] + (p * step) ** 2)) / (2 * step * step * (q - p));
        if (from > bounds[last]) break;
        last--; from = -Infinity;
      }
      last++; sites[last] = q; bounds[last] = last === 0 ? -Infinity : from;
    }
    if (last < 0) return;
    let at = 0;
    for (let q = 0; q < count; q++) {
      while (at < last && bounds[at + 1] < q) at++;
      const away = (q - sites[at]) * step;
      found[offset + q * stride] = line[sites[at]] + away * away;
    }
  };
  for (let column = 0; column < columns; column++) pass(column, columns, rows, down);
  for (let row = 0; row < rows; row++) pass(row * columns, 1, columns, across);
  return found;
}

export function boxOf(mask, rows, columns) {
  let top = rows, bottom = -1, left = columns, right = -1;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (mask[row * columns + column]) {
        if (row < top) top = row;
        if (row > bottom) bottom = row;
        if (column < left) left = column;
        if (column > right) right = column;
      }
    }
  }
  return bottom < 0 ? null : { top, bottom, left, right };
}

// Share of each ring (0 < d <= width, to the nearest pixel centre) that lies beyond the picture, on its grid continued,
// or on pixels that may not be used (`unusable`, optional).
export function lostShares(mask, rows, columns, spacing, widths, unusable = null) {
  const box = boxOf(mask, rows, columns);
  if (!box || !spacing) return widths.map(() => null);
  const widest = Math.max(...widths), [down, across] = spacing;
  const up = Math.ceil(widest / down) + 1, aside = Math.ceil(widest / across) + 1;
  const top = box.top - up, left = box.left - aside;
  const height = box.bottom + up + 1 - top, width = box.right + aside + 1 - left;
  const part = new Uint8Array(height * width);
  for (let row = box.top; row <= box.bottom; row++) {
    for (let column = box.left; column <= box.right; column++) part[(row - top) * width + column - left] = mask[row * columns + column];
  }
  const squared = squaredDistance(part, height, width, down, across);
  return widths.map((mm) => {
    const limit = (mm * (1 + 1e-9)) ** 2;
    let whole = 0, lost = 0;
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const d = squared[row * width + column];
        if (d > 0 && d <= limit) {
          whole++;
          const r = row + top, c = column + left;
          if (r < 0 || c < 0 || r >= rows || c >= columns || (unusable && unusable[r * columns + c])) lost++;
        }
      }
    }
    return whole ? lost / whole : 0;
  });
}

// Line segments [x1, y1, x2, y2, ...] around a mask: the level 0.5 of its pixels.
export function edgeOf(mask, rows, columns) {
  const box = boxOf(mask, rows, columns);
  if (!box) return [];
  const top = box.top - 1, left = box.left - 1, height = box.bottom - top + 2, width = box.right - left + 2;
  const part = new Float64Array(height * width);
  for (let r = box.top; r <= box.bottom; r++) for (let c = box.left; c <= box.right; c++) part[(r - top) * width + c - left] = mask[r * columns + c];
  const list = contour(part, height, width, 0.5);
  for (let k = 0; k < list.length; k += 2) { list[k] += left; list[k + 1] += top; }
  return list;
}

// Line segments [x1, y1, x2, y2, ...] of the level of a field on a grid, by marching squares with linear interpolation.
export function contour(field, rows, columns, level) {
  const out = [];
  const cut = (a, b) => (level - a) / (b - a);
  for (let row = 0; row + 1 < rows; row++) {
    for (let column = 0; column + 1 < columns; column++) {
      const k = row * columns + column;
      const a = field[k], b = field[k + 1], c = field[k + columns + 1], d = field[k + columns];
      const code = (a > level ? 8 : 0) | (b > level ? 4 : 0) | (c > level ? 2 : 0) | (d > level ? 1 : 0);
      if (code === 0 || code === 15) continue;
      const up = [column + cut(a, b), row], right = [column + 1, row + cut(b, c)], low = [column + cut(d, c), row + 1], left = [column, row + cut(a, d)];
      const add = (p, q) => out.push(p[0], p[1], q[0], q[1]);
      switch (code) {
        case 1: case 14: add(left, low); break;
        case 2: case 13: add(low, right); break;
        case 3: case 12: add(left, right); break;
        case 4: case 11: add(up, right); break;
        case 6: case 9: add(up, low); break;
        case 7: case 8: add(left, up); break;
        case 5: add(left, up); add(low, right); break;
        default: add(up, right); add(left, low);
      }
    }
  }
  return out;
}

// Outlines of the rings of a polygon or mask for drawing, in pixels: a distance field of about `cells` cells across.
export function ringOutlines(source, spacing, widths, cells = 190) {
  const [down, across] = spacing, widest = Math.max(...widths);
  let top = Infinity, bottom = -Infinity, left = Infinity, right = -Infinity;
  if (source.rings) {
    for (const ring of source.rings) for (const [row, column] of ring) {
      top = Math.min(top, row); bottom = Math.max(bottom, row); left = Math.min(left, column); right = Math.max(right, column);
    }
  } else {
    const box = boxOf(source.mask, source.rows, source.columns);
    if (!box) return widths.map(() => []);
    ({ top, bottom, left, right } = box);
  }
  if (!(bottom >= top)) return widths.map(() => []);
  const room = widest + 1;
  const x0 = left * across - room, y0 = top * down - room, x1 = right * across + room, y1 = bottom * down + room;
  const cell = Math.max((x1 - x0) / cells, (y1 - y0) / cells, 0.02);
  const columns = Math.ceil((x1 - x0) / cell) + 1, rows = Math.ceil((y1 - y0) / cell) + 1;
  let inside;
  if (source.rings) {
    inside = rasterise(source.rings.map((ring) => ring.map(([row, column]) => [(row * down - y0) / cell, (column * across - x0) / cell])), rows, columns);
  } else {
    inside = new Uint8Array(rows * columns);
    for (let row = 0; row < rows; row++) {
      const r = Math.round((y0 + row * cell) / down);
      if (r < 0 || r >= source.rows) continue;
      for (let column = 0; column < columns; column++) {
        const c = Math.round((x0 + column * cell) / across);
        if (c >= 0 && c < source.columns) inside[row * columns + column] = source.mask[r * source.columns + c];
      }
    }
  }
  const field = squaredDistance(inside, rows, columns, cell, cell);
  for (let k = 0; k < field.length; k++) field[k] = Math.sqrt(field[k]);
  return widths.map((mm) => {
    const found = contour(field, rows, columns, mm);
    for (let k = 0; k < found.length; k += 2) { found[k] = (found[k] * cell + x0) / across; found[k + 1] = (found[k + 1] * cell + y0) / down; }
    return found;
  });
}

// Grow (mm > 0) or shrink (mm < 0) a mask by a distance.
export function moved(mask, rows, columns, spacing, mm) {
  const out = new Uint8Array(mask.length), limit = mm * mm * (1 + 1e-9);
  if (mm >= 0) {
    const squared = squaredDistance(mask, rows, columns, spacing[0], spacing[1]);
    for (let k = 0; k < out.length; k++) out[k] = squared[k] <= limit ? 1 : 0;
    return out;
  }
  const outside = mask.map((pixel) => pixel ^ 1);
  const squared = squaredDistance(outside, rows, columns, spacing[0], spacing[1]);
  for (let k = 0; k < out.length; k++) out[k] = squared[k] > limit ? 1 : 0;
  return out;
}

// Smooth: grow and shrink, then shrink and grow, by the same distance.
export function smoothed(mask, rows, columns, spacing, mm) {
  const closed = moved(moved(mask, rows, columns, spacing, mm), rows, columns, spacing, -mm);
  return moved(moved(closed, rows, columns, spacing, -mm), rows, columns, spacing, mm);
}

// A disc of the brush, in place.
export function paint(mask, rows, columns, spacing, row, column, radius, value) {
  const [down, across] = spacing, up = Math.ceil(radius / down), aside = Math.ceil(radius / across);
  for (let r = Math.max(0, Math.round(row) - up); r <= Math.min(rows - 1, Math.round(row) + up); r++) {
    for (let c = Math.max(0, Math.round(column) - aside); c <= Math.min(columns - 1, Math.round(column) + aside); c++) {
      if (((r - row) * down) ** 2 + ((c - column) * across) ** 2 <= radius * radius) mask[r * columns + c] = value;
    }
  }
}
