// A form marked data-once is sent once, however often its button is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-once]");
  if (!form) return;
  if (form.ariaBusy === "true") event.preventDefault();
  else form.ariaBusy = "true";
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-once]")) form.ariaBusy = "false";
});
