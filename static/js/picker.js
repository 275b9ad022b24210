// The time picker: the visitor's zone, arrow keys, focus, and what a screen reader hears.
const picker = () => document.getElementById("picker");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
let focused = "";

function followVisitor() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const { zone: shown, told, followsVisitor } = picker().dataset;
  if (!zone || zone === told) return;
  document.cookie = `zone=${encodeURIComponent(zone)}; path=/; max-age=31536000; samesite=lax`;
  if (followsVisitor === undefined || zone === shown || !document.cookie.includes("zone=")) return;
  const swap = { target: "#picker", select: "#picker", swap: "outerHTML show:none" };
  htmx.ajax("GET", location.href, { ...swap, source: "#picker" });
}

function neighbour(day, key) {
  const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }[key];
  if (!step) return null;
  const days = [...picker().querySelectorAll("a.day")];
  if (Math.abs(step) === 1) {
    const forward = getComputedStyle(day).direction === "rtl" ? -step : step;
    return days[days.indexOf(day) + forward];
  }
  const date = new Date(`${day.id.slice(4)}T00:00Z`);
  date.setUTCDate(date.getUTCDate() + step);
  return document.getElementById(`day-${date.toISOString().slice(0, 10)}`);
}

function settle() {
  document.getElementById("said").textContent = picker().dataset.say;
  const again = document.getElementById(focused);
  if (again) again.focus({ preventScroll: true });
  else if (focused === "next-free") document.getElementById("times-title").focus();
  else if (focused) document.getElementById("month").focus({ preventScroll: true });
  const times = document.getElementById("times-title");
  const isBelow = times.getBoundingClientRect().top > innerHeight * 0.75;
  if (focused.startsWith("day-") && isBelow) {
    times.scrollIntoView({ block: "start", behavior: calm.matches ? "auto" : "smooth" });
  }
  focused = "";
}

document.addEventListener("change", ({ target }) => {
  target.closest("form[data-autosubmit]")?.requestSubmit();
});
document.addEventListener("keydown", (event) => {
  const day = event.target.closest?.("[data-arrows] a.day");
  const next = day && neighbour(day, event.key);
  if (!next) return;
  event.preventDefault();
  next.focus();
});
document.addEventListener("htmx:beforeSwap", () => {
  const active = document.activeElement;
  focused = picker().contains(active) ? active.id : "";
});
document.addEventListener("htmx:afterSettle", settle);
document.addEventListener("htmx:responseError", () => location.reload());
followVisitor();
