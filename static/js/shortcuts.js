// Single keys for those who have the desk open all day: an element says by aria-keyshortcuts which
// key presses it. They can be turned off, for that browser, in the list that “?” opens.
const dialog = document.getElementById("shortcuts");
const toggle = document.getElementById("shortcuts-on");
const KEPT = "desk-shortcuts";
const isTyping = (target) => target.closest?.("input, textarea, select, [contenteditable], dialog");
const isResting = (target) => target === document.body || target.id === "content";

function target(key) {
  const back = document.dir === "rtl" ? "ArrowRight" : "ArrowLeft";
  const name = { ArrowLeft: back, ArrowRight: back === "ArrowLeft" ? "ArrowRight" : "ArrowLeft" }[key] ?? key;
  return document.querySelector(`[aria-keyshortcuts~="${CSS.escape(name)}"]`);
}

function search() {
  const field = document.querySelector("input[type=search]");
  if (field) field.select();
  else target("c")?.click();
}

toggle.checked = localStorage.getItem(KEPT) !== "off";
toggle.addEventListener("change", () => localStorage.setItem(KEPT, toggle.checked ? "on" : "off"));
const button = document.getElementById("shortcuts-button");
button.hidden = false;
button.addEventListener("click", () => dialog.showModal());

document.addEventListener("keydown", (event) => {
  const { key } = event;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!toggle.checked || event.isComposing || isTyping(event.target)) return;
  if (key.startsWith("Arrow") && !isResting(event.target)) return;
  if (key === "?") dialog.showModal();
  else if (key === "/") search();
  else if (key.length === 1 || key.startsWith("Arrow")) {
    const found = target(key);
    if (!found) return;
    found.click();
  } else return;
  event.preventDefault();
});
