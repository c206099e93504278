// Live wire: the cheapest path along edges of the picture.

// Cost of each pixel: low on edges (Sobel), for grey values of four bytes a pixel.
export function edgeCosts(grey, rows, columns) {
  const slope = new Float64Array(rows * columns);
  let most = 1;
  for (let r = 1; r + 1 < rows; r++) for (let c = 1; c + 1 < columns; c++) {
    const k = r * columns + c, g = (d) => grey[4 * (k + d)];
    const x = g(1) - g(-1) + 0.5 * (g(1 - columns) - g(-1 - columns) + g(1 + columns) - g(-1 + columns));
    const y = g(columns) - g(-columns) + 0.5 * (g(columns - 1) - g(-columns - 1) + g(columns + 1) - g(-columns + 1));
    slope[k] = Math.hypot(x, y);
    if (slope[k] > most) most = slope[k];
  }
  return slope.map((value) => 0.02 + (1 - Math.min(1, 2 * value / most)) ** 2);
}

// Cheapest path between two points over a cost per pixel (live wire): Dijkstra in a window about both.
export function cheapestPath(cost, rows, columns, from, to, margin = 40) {
  const top = Math.max(0, Math.min(from[0], to[0]) - margin), bottom = Math.min(rows - 1, Math.max(from[0], to[0]) + margin);
  const left = Math.max(0, Math.min(from[1], to[1]) - margin), right = Math.min(columns - 1, Math.max(from[1], to[1]) + margin);
  const width = right - left + 1, size = (bottom - top + 1) * width;
  const best = new Float64Array(size).fill(Infinity), before = new Int32Array(size).fill(-1), heap = [];
  const push = (value, node) => {
    heap.push([value, node]);
    for (let k = heap.length - 1; k > 0;) { const up = (k - 1) >> 1; if (heap[up][0] <= heap[k][0]) break; [heap[up], heap[k]] = [heap[k], heap[up]]; k = up; }
  };
  const pop = () => {
    const first = heap[0], last = heap.pop();
    if (heap.length) {
      heap[0] = last;
      for (let k = 0;;) {
        let low = k; const l = 2 * k + 1, r = l + 1;
        if (l < heap.length && heap[l][0] < heap[low][0]) low = l;
        if (r < heap.length && heap[r][0] < heap[low][0]) low = r;
        if (low === k) break;
        [heap[low], heap[k]] = [heap[k], heap[low]]; k = low;
      }
    }
    return first;
  };
  const start = (from[0] - top) * width + from[1] - left, goal = (to[0] - top) * width + to[1] - left;
  best[start] = 0; push(0, start);
  while (heap.length) {
    const [value, node] = pop();
    if (value > best[node]) continue;
    if (node === goal) break;
    const row = Math.floor(node / width), column = node % width;
    for (let dr = -1; dr <= 1; dr++) for (let dc = -1; dc <= 1; dc++) {
      const r = row + dr, c = column + dc;
      if ((!dr && !dc) || r < 0 || c < 0 || r > bottom - top || c >= width) continue;
      const next = r * width + c, total = value + cost[(r + top) * columns + c + left] * (dr && dc ? Math.SQRT2 : 1);
      if (total < best[next]) { best[next] = total; before[next] = node; push(total, next); }
    }
  }
  const path = [];
  for (let node = goal; node >= 0; node = before[node]) path.push([Math.floor(node / width) + top, (node % width) + left]);
  return path.reverse();
}
