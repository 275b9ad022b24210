// Free places: a click on one, or the arrow keys on a column's “+”, lead to a new appointment then.
const ghost = Object.assign(document.createElement("i"), { className: "ghost" });
const clock = (minute) => [Math.floor(minute / 60), minute % 60].map((part) => `${part}`.padStart(2, "0")).join(":");

// The start on the grid of the hours at or before a minute.
function startAt(strip, minute) {
  const { first, last, step } = strip.closest("day-grid").dataset;
  const opens = strip.dataset.opens.split(" ").filter(Boolean).map((span) => span.split("-").map(Number));
  const from = (opens.find(([, closes]) => minute < closes) ?? opens.at(-1) ?? [0])[0];
  const start = from + Math.floor((minute - from) / step) * step;
  return Math.max(Number(first), Math.min(Number(last) - Number(step), start));
}

function show(strip, minute) {
  const step = Number(strip.closest("day-grid").dataset.step);
  ghost.textContent = clock(minute);
  for (const [name, value] of [["--h", Math.floor(minute / 60)], ["--m", minute % 60], ["--dh", 0], ["--dm", step]]) {
    ghost.style.setProperty(name, value);
  }
  const day = strip.querySelector(".strip-day");
  if (ghost.parentNode !== day) day.append(ghost);
}

function pointedAt(event) {
  const day = event.target.closest?.(".strip[data-new] .strip-day");
  if (!day || event.target.closest(".visit, .moving")) return null;
  const strip = day.closest(".strip"), { first, last } = strip.closest("day-grid").dataset;
  const box = day.getBoundingClientRect();
  const minute = Number(first) + ((event.clientY - box.top) / box.height) * (last - first);
  return { strip, minute: startAt(strip, minute) };
}

document.addEventListener("pointermove", (event) => {
  const place = event.pointerType === "mouse" && !document.querySelector("[data-held]") && pointedAt(event);
  if (place) show(place.strip, place.minute);
  else if (event.pointerType === "mouse") ghost.remove();
});
document.addEventListener("click", (event) => {
  const place = !event.defaultPrevented && pointedAt(event);
  if (!place) return;
  const address = `${place.strip.dataset.new}&time=${clock(place.minute)}`;
  const isFree = document.dispatchEvent(new CustomEvent("desk:open", { detail: address, cancelable: true }));
  if (isFree) location.assign(address);
});
document.addEventListener("keydown", (event) => {
  const adder = event.target.closest?.("[data-add]"), way = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!adder || !way || event.altKey) return;
  event.preventDefault();
  const strip = adder.closest(".strip"), { step } = strip.closest("day-grid").dataset;
  const opens = Number(strip.dataset.opens.split("-")[0]);
  const chosen = adder.dataset.add === "" ? startAt(strip, opens) : startAt(strip, Number(adder.dataset.add) + way * step);
  adder.dataset.add = chosen;
  adder.href = `${strip.dataset.new}&time=${clock(chosen)}`;
  show(strip, chosen);
  ghost.scrollIntoView({ block: "nearest" });
  document.getElementById("said").textContent = clock(chosen);
});
document.addEventListener("focusout", ({ target }) => {
  if (!target.matches("[data-add]")) return;
  target.dataset.add = "";
  target.href = target.closest(".strip").dataset.new;
  ghost.remove();
});
