// Draws the curves of this page, which stand in it as JSON, and lets them be looked at closely.
const data = JSON.parse(document.getElementById("data").textContent);
const canvas = document.querySelector("canvas");
const tip = document.getElementById("tip");
const legend = document.getElementById("legend");
const paper = canvas.getContext("2d");
const dark = matchMedia("(prefers-color-scheme: dark)");
const hidden = new Set();
let marked = -1;
let whole = { x: data.x.range, y: data.y.range };
let view = whole;
let isLog = { x: data.x.kind === "log", y: data.y.kind === "log" };
let box = { left: 0, top: 0, width: 1, height: 1 };
let drag;

const forward = (axis, value) => isLog[axis] ? Math.log10(value) : value;
const backward = (axis, value) => isLog[axis] ? 10 ** value : value;

/** Where a number stands in the box, 0 to 1. */
function place(axis, value) {
  const [low, high] = view[axis].map((end) => forward(axis, end));
  return (forward(axis, value) - low) / (high - low);
}

function valueAt(axis, part) {
  const [low, high] = view[axis].map((end) => forward(axis, end));
  return backward(axis, low + (high - low) * part);
}

const px = (value) => box.left + place("x", value) * box.width;
const py = (value) => box.top + (1 - place("y", value)) * box.height;

function niceStep(rough, steps) {
  const power = 10 ** Math.floor(Math.log10(rough));
  return (steps ?? [1, 2, 5, 10].map((factor) => factor * power)).find((step) => step >= rough * (1 - 1e-9)) ??
    [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= rough * (1 - 1e-9));
}

const CLOCK = [
  1,
  2,
  5,
  10,
  15,
  30,
  60,
  120,
  300,
  600,
  900,
  1800,
  3600,
  7200,
  10800,
  21600,
  43200,
  86400,
  172800,
  604800,
];

/** Round numbers along an axis: [value, text]. */
function ticks(axis, most) {
  const [low, high] = view[axis];
  const kind = data[axis].kind;
  if (isLog[axis] && high / low >= 10) {
    const first = Math.ceil(Math.log10(low) - 1e-9), last = Math.floor(Math.log10(high) + 1e-9);
    const every = Math.max(1, Math.ceil((last - first + 1) / most));
    const factors = (last - first + 1) * 3 <= most ? [1, 2, 5] : [1];
    const found = [];
    for (let power = first - 1; power <= last; power += 1) {
      if (every > 1 && power % every !== 0) continue;
      for (const factor of factors) {
        const value = factor * 10 ** power;
        if (value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9)) found.push([value, number(value)]);
      }
    }
    return found;
  }
  const isTime = kind === "time" || kind === "duration";
  const unit = kind === "time" ? 1000 : 1;
  const rough = (high - low) / unit / most;
  let step = niceStep(rough, isTime && rough >= 1 ? CLOCK : undefined) * unit;
  if (axis === "x" && data.x.isWhole && step < 1) step = 1;
  const shift = kind === "time" ? new Date(low).getTimezoneOffset() * 60000 : 0;
  const found = [];
  for (let at = Math.ceil((low - shift) / step - 1e-9); at * step + shift <= high + step * 1e-9; at++) {
    const value = Number((at * step + shift).toPrecision(14));
    found.push([value, kind === "time" ? moment(value, step) : kind === "duration" ? length(value) : number(value)]);
    if (found.length > 100) break;
  }
  return found;
}

function number(value) {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e15)) {
    return value.toExponential(4).replace(/\.?0+e/, "e").replace("e+", "e");
  }
  if (size >= 1e4 && Number.isInteger(value / 1e3)) {
    return size >= 1e6 ? `${Number((value / 1e6).toPrecision(6))}M` : `${value / 1e3}k`;
  }
  return String(Number(value.toPrecision(7)));
}

function moment(value, step) {
  const time = new Date(value);
  const isDay = step >= 86400000 || time.getHours() + time.getMinutes() + time.getSeconds() === 0;
  if (isDay) return time.toLocaleDateString(undefined, { month: "short", day: "numeric" });
  return time.toLocaleTimeString(undefined, {
    hour: "2-digit",
    minute: "2-digit",
    second: step < 60000 ? "2-digit" : undefined,
  });
}

function length(value) {
  if (value === 0) return "0";
  if (Math.abs(value) < 1) return `${Number(value.toPrecision(6))}s`;
  let left = Math.abs(value), text = value < 0 ? "-" : "";
  for (const [unit, letter] of [[86400, "d"], [3600, "h"], [60, "m"], [1, "s"]]) {
    const count = unit === 1 ? Number(left.toPrecision(6)) : Math.floor(left / unit + 1e-9);
    left -= count * unit;
    if (count > 0) text += count + letter;
  }
  return text;
}

function draw() {
  const ratio = devicePixelRatio;
  const { width, height } = canvas.getBoundingClientRect();
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  paper.setTransform(ratio, 0, 0, ratio, 0, 0);
  const style = getComputedStyle(document.body);
  const [ink, grid, faint] = ["--ink", "--grid", "--faint"].map((name) => style.getPropertyValue(name));
  paper.font = `13px ${style.fontFamily}`;
  const yTicks = ticks("y", Math.max(2, height / 70));
  const margin = Math.max(...yTicks.map(([, text]) => paper.measureText(text).width), 10);
  box = {
    left: margin + (data.y.name ? 44 : 22),
    top: 8,
    width: 1,
    height: Math.max(20, height - 8 - (data.x.name ? 46 : 26)),
  };
  box.width = Math.max(20, width - box.left - 12);
  paper.lineWidth = 1;
  paper.fillStyle = faint;
  const line = (x1, y1, x2, y2, colour) => {
    paper.strokeStyle = colour;
    paper.beginPath();
    paper.moveTo(Math.round(x1) + 0.5, Math.round(y1) + 0.5);
    paper.lineTo(Math.round(x2) + 0.5, Math.round(y2) + 0.5);
    paper.stroke();
  };
  const bottom = box.top + box.height, right = box.left + box.width;
  paper.textAlign = "right";
  paper.textBaseline = "middle";
  for (const [value, text] of yTicks) {
    line(box.left, py(value), right, py(value), grid);
    paper.fillText(text, box.left - 8, py(value));
  }
  paper.textAlign = "center";
  paper.textBaseline = "top";
  let xTicks = [];
  for (let most = Math.max(2, Math.floor(box.width / 50)); most > 1; most--) {
    xTicks = ticks("x", most);
    const ends = xTicks.map(([value, text]) => [px(value), paper.measureText(text).width / 2]);
    if (ends.every(([at, half], i) => i === 0 || at - half > ends[i - 1][0] + ends[i - 1][1] + 10)) break;
  }
  for (const [value, text] of xTicks) {
    line(px(value), box.top, px(value), bottom, grid);
    paper.fillText(text, px(value), bottom + 7);
  }
  paper.fillStyle = ink;
  if (data.x.name) paper.fillText(data.x.name, box.left + box.width / 2, height - 15);
  if (data.y.name) {
    paper.save();
    paper.translate(6, box.top + box.height / 2);
    paper.rotate(-Math.PI / 2);
    paper.fillText(data.y.name, 0, 0);
    paper.restore();
  }
  paper.save();
  paper.beginPath();
  paper.rect(box.left, box.top, box.width, box.height);
  paper.clip();
  const shown = data.curves.filter((_, at) => !hidden.has(at));
  for (const curve of shown) if (curve.low) band(curve);
  data.curves.forEach((curve, at) => {
    if (!hidden.has(at) && at !== marked) trace(curve, marked >= 0 ? 0.25 : 1);
  });
  if (marked >= 0 && !hidden.has(marked)) trace(data.curves[marked], 1, 2.5);
  paper.restore();
  line(box.left, box.top, box.left, bottom, faint);
  line(box.left, bottom, right, bottom, faint);
  if (drag?.to) {
    const [a, b] = [drag.from, drag.to];
    paper.fillStyle = "rgba(80,130,200,.2)";
    paper.fillRect(Math.min(a.x, b.x), Math.min(a.y, b.y), Math.abs(a.x - b.x), Math.abs(a.y - b.y));
  }
}

const canShow = (axis, value) => value !== null && (!isLog[axis] || value > 0);

/** A line through the points; where many fall into one column of pixels, through the least and the greatest of these. */
function trace(curve, alpha, width) {
  const xs = data.xs[curve.x], ys = curve.y;
  paper.globalAlpha = alpha;
  paper.strokeStyle = paper.fillStyle = curve.colour;
  paper.lineWidth = width ?? (data.curves.length > 40 ? 1 : 1.6);
  paper.lineJoin = "round";
  paper.beginPath();
  const few = ys.length <= 60;
  let pen = false, column, least, greatest, last;
  const flush = () => {
    if (column === undefined) return;
    if (least !== greatest) {
      paper.lineTo(column, least);
      paper.lineTo(column, greatest);
      paper.lineTo(column, last);
    }
    column = undefined;
  };
  const [from, to] = inView(xs);
  for (let at = from; at < to; at++) {
    if (!canShow("y", ys[at]) || !canShow("x", xs[at])) {
      flush();
      pen = false;
      continue;
    }
    const x = px(xs[at]), y = py(ys[at]), cell = Math.round(x);
    if (pen && cell === column) {
      least = Math.min(least, y);
      greatest = Math.max(greatest, y);
      last = y;
      continue;
    }
    flush();
    if (pen) paper.lineTo(x, y);
    else paper.moveTo(x, y), paper.lineTo(x + 0.01, y);
    pen = true;
    [column, least, greatest, last] = [cell, y, y, y];
  }
  flush();
  paper.stroke();
  if (few) {
    for (let at = from; at < to; at++) {
      if (!canShow("y", ys[at]) || !canShow("x", xs[at])) continue;
      paper.beginPath();
      paper.arc(px(xs[at]), py(ys[at]), 2.4, 0, 7);
      paper.fill();
    }
  }
  paper.globalAlpha = 1;
}

function band({ x, low, high, colour }) {
  const xs = data.xs[x];
  paper.globalAlpha = 0.18;
  paper.fillStyle = colour;
  for (let start = 0; start < xs.length; start++) {
    let end = start;
    while (
      end < xs.length && low[end] !== null && high[end] !== null && canShow("x", xs[end]) && canShow("y", high[end])
    ) end++;
    if (end - start > 1) {
      paper.beginPath();
      for (let at = start; at < end; at++) paper.lineTo(px(xs[at]), py(high[at]));
      for (let at = end - 1; at >= start; at--) {
        paper.lineTo(px(xs[at]), canShow("y", low[at]) ? py(low[at]) : box.top + box.height * 2);
      }
      paper.fill();
    }
    start = end;
  }
  paper.globalAlpha = 1;
}

/** The points in view, and one on each side. */
function inView(xs) {
  return [Math.max(0, firstFrom(xs, view.x[0]) - 1), Math.min(xs.length, firstFrom(xs, view.x[1]) + 2)];
}

function firstFrom(xs, value) {
  let low = 0, high = xs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (xs[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The curve and point nearest to a place on the screen. */
function nearest({ x, y }) {
  let best;
  data.curves.forEach((curve, index) => {
    if (hidden.has(index)) return;
    const xs = data.xs[curve.x];
    const middle = firstFrom(xs, valueAt("x", (x - box.left) / box.width));
    for (let at = Math.max(0, middle - 3); at < Math.min(xs.length, middle + 3); at++) {
      if (!canShow("y", curve.y[at]) || !canShow("x", xs[at])) continue;
      const distance = Math.hypot(px(xs[at]) - x, py(curve.y[at]) - y);
      if (best === undefined || distance < best.distance) best = { index, at, distance };
    }
  });
  return best !== undefined && best.distance < 40 ? best : undefined;
}

function show(next) {
  view = next;
  draw();
}

const point = (event) => {
  const { left, top } = canvas.getBoundingClientRect();
  return { x: event.clientX - left, y: event.clientY - top };
};

canvas.addEventListener("pointerdown", (event) => {
  drag = { from: point(event), view, isMove: event.shiftKey };
  canvas.setPointerCapture(event.pointerId);
});
canvas.addEventListener("pointermove", (event) => {
  const at = point(event);
  if (drag !== undefined) {
    if (drag.isMove) {
      view = drag.view;
      const [dx, dy] = [(drag.from.x - at.x) / box.width, (at.y - drag.from.y) / box.height];
      return show({ x: [valueAt("x", dx), valueAt("x", 1 + dx)], y: [valueAt("y", dy), valueAt("y", 1 + dy)] });
    }
    drag.to = at;
    return draw();
  }
  const found = nearest(at);
  const before = marked;
  marked = found?.index ?? -1;
  tip.hidden = found === undefined;
  if (found !== undefined) {
    const { label, x, y } = data.curves[found.index];
    const where = data.xs[x][found.at];
    const said = data.x.kind === "time"
      ? new Date(where).toLocaleString()
      : data.x.kind === "duration"
      ? length(where)
      : number(where);
    tip.textContent = `${label}\n${data.x.name ?? "x"} ${said}\n${Number(y[found.at].toPrecision(6))}`;
    tip.style.left = `${Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8)}px`;
    tip.style.top = `${Math.min(event.clientY + 14, innerHeight - tip.offsetHeight - 8)}px`;
  }
  if (before !== marked) draw();
});
canvas.addEventListener("pointerup", () => {
  const { from, to } = drag;
  drag = undefined;
  if (to === undefined) return draw();
  const part = (axis, a, b) => [valueAt(axis, Math.min(a, b)), valueAt(axis, Math.max(a, b))];
  const inside = (part) => Math.max(0, Math.min(1, part));
  const inX = (at) => inside((at.x - box.left) / box.width), inY = (at) => inside(1 - (at.y - box.top) / box.height);
  // A flat stroke zooms one axis alone.
  const next = { ...view };
  if (Math.abs(to.x - from.x) > 8) next.x = part("x", inX(from), inX(to));
  if (Math.abs(to.y - from.y) > 8) next.y = part("y", inY(from), inY(to));
  show(next);
});
canvas.addEventListener("pointerleave", () => {
  marked = -1;
  tip.hidden = true;
  draw();
});
canvas.addEventListener("wheel", (event) => {
  event.preventDefault();
  const at = point(event);
  const by = Math.exp(Math.max(-1, Math.min(1, event.deltaY / 300)));
  const around = (axis, part) => [valueAt(axis, part - part * by), valueAt(axis, part + (1 - part) * by)];
  const next = { ...view, x: around("x", (at.x - box.left) / box.width) };
  if (!event.shiftKey) next.y = around("y", 1 - (at.y - box.top) / box.height);
  if (next.x[0] < next.x[1] && next.y[0] < next.y[1]) show(next);
}, { passive: false });
canvas.addEventListener("dblclick", () => show(whole));
document.getElementById("reset").addEventListener("click", () => show(whole));

/** The range of what can be shown of an axis, with some air around y. */
function rangeOf(axis) {
  let [low, high] = [Infinity, -Infinity];
  for (const curve of data.curves) {
    for (const values of axis === "x" ? [data.xs[curve.x]] : [curve.y, curve.low ?? [], curve.high ?? []]) {
      for (const value of values) {
        if (!canShow(axis, value)) continue;
        if (value < low) low = value;
        if (value > high) high = value;
      }
    }
  }
  if (low === high) [low, high] = isLog[axis] ? [low / 2, high * 2] : [low - 1, high + 1];
  if (axis === "x") return [low, high];
  const [from, to] = [forward(axis, low), forward(axis, high)];
  const air = (to - from) * 0.03;
  return [backward(axis, from - air), backward(axis, to + air)];
}

const log = document.getElementById("log");
log.checked = isLog.y;
log.addEventListener("change", () => {
  isLog = { ...isLog, y: log.checked };
  whole = { ...whole, y: rangeOf("y") };
  show({ ...view, y: whole.y });
});

data.curves.forEach(({ label, colour, note }, at) => {
  if (label === "") return;
  const entry = document.createElement("button");
  const sample = document.createElement("i");
  sample.style.background = colour;
  entry.append(sample, label);
  if (note) entry.title = note;
  entry.addEventListener("click", (event) => {
    if (event.altKey) data.curves.forEach((_, other) => other === at ? hidden.delete(other) : hidden.add(other));
    else if (!hidden.delete(at)) hidden.add(at);
    [...legend.children].forEach((child) => child.classList.toggle("off", hidden.has(Number(child.dataset.at))));
    draw();
  });
  entry.addEventListener("pointerenter", () => (marked = at, draw()));
  entry.addEventListener("pointerleave", () => (marked = -1, draw()));
  entry.dataset.at = at;
  legend.append(entry);
});
new ResizeObserver(draw).observe(canvas);
dark.addEventListener("change", draw);
