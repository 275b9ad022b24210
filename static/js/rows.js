// Rows of a form that can be added and taken away; without this the server does both.
const list = (button) => button.closest("fieldset").querySelector("[data-list]");

function add(button) {
  const template = list(button).querySelector("template");
  const row = template.content.firstElementChild.cloneNode(true);
  list(button).insertBefore(row, template);
  row.querySelector("input").focus();
}

function drop(button) {
  const back = button.closest("fieldset").querySelector("[data-add]");
  button.closest("[data-row]").remove();
  back.focus();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-rows] :is([data-add], [data-drop])");
  if (!button) return;
  event.preventDefault();
  if (button.matches("[data-add]")) add(button);
  else drop(button);
});

document.addEventListener("input", ({ target }) => {
  const row = target.closest("[data-rows] [data-row]");
  const [opens, closes] = [...(row?.querySelectorAll("[type=time]") ?? [])].map((at) => at.value);
  if (row) row.querySelector("[data-turns]").hidden = !opens || !closes || closes > opens;
});
