// A form marked data-autosubmit is sent when something is chosen in it; a date typed by hand, when
// it is left or Enter is pressed.
let isTyping = false;
document.addEventListener("keydown", ({ target }) => { isTyping = target.type === "date"; });
document.addEventListener("pointerdown", () => { isTyping = false; });
document.addEventListener("change", ({ target }) => {
  if (!(isTyping && target.type === "date")) target.closest("form[data-autosubmit]")?.requestSubmit();
});
document.addEventListener("focusout", ({ target }) => {
  const isNew = target.type === "date" && target.value && target.value !== target.defaultValue;
  if (isNew && isTyping) target.closest("form[data-autosubmit]")?.requestSubmit();
});
