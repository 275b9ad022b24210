// A field marked data-copy gets a button that copies it, and is chosen at once unless it is to
// keep still. Without this script it can be selected.
const offer = (box) => {
  const field = box.querySelector("input");
  const button = box.querySelector("button");
  if (!button.hidden || !navigator.clipboard) return;
  button.hidden = false;
  if (box.dataset.copy !== "still") {
    field.focus();
    field.select();
  }
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(field.value);
    button.textContent = button.dataset.said;
  });
};
const offerAll = () => document.querySelectorAll("[data-copy]").forEach(offer);
document.addEventListener("panel:shown", offerAll);
offerAll();
