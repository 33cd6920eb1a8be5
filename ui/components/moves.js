// Which tile a key moves to; rows are told by where tiles stand on the screen.

/** The tile a key leads to, null at an edge, undefined if the key moves nothing. */
function neighbour(key, items, item) {
  const at = items.indexOf(item);
  const steps = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: items.length - 1 };
  if (key in steps) return items[steps[key]] ?? null;
  const page = Math.max(1, window.innerHeight * 0.8);
  const falls = { ArrowUp: -1, ArrowDown: 1, PageUp: -page, PageDown: page };
  if (!(key in falls)) return undefined;
  const rows = rowsOf(items);
  // One row is a strip: up and down belong to the page.
  return rows.length > 1 ? below(rows, item, falls[key]) : undefined;
}

/** Rows of {top, tiles: [{item, middle}]} from the top of the screen to its bottom. */
function rowsOf(items) {
  const rows = [];
  for (const item of items) {
    const box = item.node.getBoundingClientRect();
    const last = rows.at(-1);
    const tile = { item, middle: box.left + box.width / 2 };
    if (last && Math.abs(last.top - box.top) < 2) last.tiles.push(tile);
    else rows.push({ top: box.top, tiles: [tile] });
  }
  return rows;
}

/** The tile in the row at least `fall` pixels below (above if negative), nearest sideways. */
function below(rows, item, fall) {
  const from = rows.findIndex((row) => row.tiles.some((tile) => tile.item === item));
  const { middle } = rows[from].tiles.find((tile) => tile.item === item);
  const step = Math.sign(fall);
  let to = from + step;
  while (rows[to + step] && Math.abs(rows[to].top - rows[from].top) < Math.abs(fall)) to += step;
  if (!rows[to]) return null;
  const away = (tile) => Math.abs(tile.middle - middle);
  return rows[to].tiles.reduce((best, tile) => (away(tile) < away(best) ? tile : best)).item;
}
