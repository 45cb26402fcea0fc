"use strict";
// The page without this script is complete: it shows LaTeX instead of formulas, and all cards.

// Mathematics: what the view found well formed is rendered; what KaTeX refuses all the same stays text and is marked.
for (const place of document.querySelectorAll(".tex")) {
  const source = place.textContent;
  try {
    katex.render(place.classList.contains("piece") ? "\\displaystyle " + source : source, place, {
      displayMode: place.hasAttribute("data-display"),
      throwOnError: true, trust: false, strict: "ignore", maxExpand: 200, maxSize: 20,
      macros: { "\\tr": "\\operatorname{tr}", "\\Tr": "\\operatorname{Tr}" },
    });
  } catch (error) {
    place.textContent = source;
    place.classList.add("tex-failed");
  }
}

// What is wider than its line is made smaller, down to a size that can still be read; beyond that it scrolls.
function fit() {
  for (const piece of document.querySelectorAll(".piece")) {
    piece.style.fontSize = "";
    const ratio = piece.clientWidth / piece.scrollWidth;
    if (ratio < 1) piece.style.fontSize = `${Math.max(0.62, ratio * 0.99)}em`;
  }
}
fit();
document.fonts.ready.then(fit);
window.addEventListener("resize", fit);

// The filter: a card stays if it has both verdicts and every word that is asked for.
const form = document.getElementById("filter");
const search = document.getElementById("search");
const byInference = document.getElementById("by-inference");
const byTruth = document.getElementById("by-truth");
const cards = [...document.querySelectorAll("#equations .card")];

function filter() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const card of cards) {
    const keep = (!byInference.value || card.dataset.inference === byInference.value)
      && (!byTruth.value || card.dataset.truth === byTruth.value)
      && words.every((word) => card.dataset.search.includes(word));
    card.hidden = !keep;
    count += keep;
  }
  document.getElementById("shown").textContent = `${count} of ${cards.length} shown`;
}
form.addEventListener("input", filter);
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", () => setTimeout(filter));
filter();

// A link to a card that the filter hides shows it again.
function follow() {
  const card = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!card || !card.classList.contains("card")) return;
  if (card.hidden) { form.reset(); filter(); }
  card.scrollIntoView();
  card.focus({ preventScroll: true });
}
window.addEventListener("hashchange", follow);
if (location.hash) follow();

// Keys.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
  const visible = cards.filter((card) => !card.hidden);
  const here = visible.findIndex((card) => card.contains(document.activeElement));
  if (event.key === "/") {
    search.focus();
  } else if (event.key === "j" || event.key === "k") {
    const next = visible[event.key === "j" ? here + 1 : Math.max(here, 1) - 1];
    if (next) { next.focus({ preventScroll: true }); next.scrollIntoView(); }
  } else if (event.key === "e" && here >= 0) {
    const parts = [...visible[here].querySelectorAll("details")];
    const open = parts.some((part) => !part.open);
    for (const part of parts) part.open = open;
  } else {
    return;
  }
  event.preventDefault();
});

// The graph: its own ways of blame for the node that is pointed at; pan and zoom by the view box.
const graph = document.getElementById("citations");
const edges = [...graph.querySelectorAll(".edge")];
function light(node, on) {
  for (const k of node.dataset.path.split(" ").filter(Boolean)) edges[k].classList.toggle("lit", on);
}
for (const node of graph.querySelectorAll(".node")) {
  for (const name of ["pointerenter", "focus"]) node.addEventListener(name, () => light(node, true));
  for (const name of ["pointerleave", "blur"]) node.addEventListener(name, () => light(node, false));
}

const whole = graph.getAttribute("viewBox").split(" ").map(Number);
let box = [...whole];
function show() { graph.setAttribute("viewBox", box.join(" ")); }
function zoom(factor, x, y) {
  const width = Math.min(Math.max(box[2] * factor, whole[2] / 40), whole[2] * 2);
  const scale = width / box[2];
  box = [x - (x - box[0]) * scale, y - (y - box[1]) * scale, width, box[3] * scale];
  show();
}
function at(event) {
  const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(graph.getScreenCTM().inverse());
  return [point.x, point.y];
}
for (const button of document.querySelectorAll("[data-zoom]")) {
  button.addEventListener("click", () => {
    if (button.dataset.zoom === "all") { box = [...whole]; show(); return; }
    zoom(button.dataset.zoom === "in" ? 0.7 : 1 / 0.7, box[0] + box[2] / 2, box[1] + box[3] / 2);
  });
}
graph.addEventListener("wheel", (event) => {
  if (!event.ctrlKey && !event.shiftKey) return; // the wheel alone scrolls the page
  event.preventDefault();
  zoom(event.deltaY > 0 ? 1.15 : 1 / 1.15, ...at(event));
}, { passive: false });
let from = null;
let moved = false;
graph.addEventListener("pointerdown", (event) => {
  if (event.pointerType === "mouse" && event.button === 0) { from = at(event); moved = false; }
});
window.addEventListener("pointermove", (event) => {
  if (!from) return;
  const [x, y] = at(event);
  if (!moved && Math.hypot(x - from[0], y - from[1]) < box[2] / 200) return;
  moved = true;
  graph.classList.add("dragged");
  box[0] += from[0] - x;
  box[1] += from[1] - y;
  show();
});
window.addEventListener("pointerup", () => { from = null; graph.classList.remove("dragged"); });
graph.addEventListener("click", (event) => { if (moved) { event.preventDefault(); moved = false; } }, true);
graph.addEventListener("dragstart", (event) => event.preventDefault());

// On paper everything is unfolded but long tables, which the ledger has as well.
window.addEventListener("beforeprint", () => { for (const part of document.querySelectorAll("details:not(.long)")) part.open = true; });
