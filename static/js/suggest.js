// While somebody types into a field marked data-suggest, customers who are known are suggested;
// the one who is chosen fills in the form.
const list = () => document.getElementById("suggested");
let timer = 0;
let asking = null;

async function suggest(field) {
  asking?.abort();
  asking = new AbortController();
  const text = field.value.trim();
  if (text.length < 2) return list().replaceChildren();
  const address = `${field.dataset.suggest}?q=${encodeURIComponent(text)}`;
  const answer = await fetch(address, {
    headers: { "X-Requested-With": "fetch" },
    signal: asking.signal,
  });
  if (!answer.ok || document.activeElement !== field) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  list().replaceChildren(...page.body.children);
}

function know(form, id) {
  form.elements.known.value = id;
  document.getElementById("guest-known").hidden = !id;
}

function choose(button) {
  const { form } = button;
  for (const name of ["name", "email", "phone"]) form.elements[name].value = button.dataset[name];
  know(form, button.value);
  list().replaceChildren();
  const after = "#questions :is(input, select, textarea), [name=seats], .btn.primary";
  const { time } = form.elements;
  (time?.value === "" ? time : form.querySelector(after)).focus();
}

document.addEventListener("input", ({ target }) => {
  if (!target.matches("[data-suggest]")) return;
  const { known } = target.form.elements;
  if (known.value && target.name !== "name") return;
  know(target.form, "");
  clearTimeout(timer);
  timer = setTimeout(() => {
    suggest(target).catch((error) => {
      if (error.name !== "AbortError") throw error;
    });
  }, 150);
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("#suggested .suggestion");
  if (!button) return;
  event.preventDefault();
  choose(button);
});
document.addEventListener("keydown", (event) => {
  const field = event.target.closest?.("[data-suggest], #suggested .suggestion");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!field || !step || !list()) return;
  const all = [...list().querySelectorAll(".suggestion")];
  const next = all[all.indexOf(field) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
});
