// A form marked data-looks fills itself in while it is being made: a change of a field marked
// data-look, or a button that only looks, asks the server for the parts marked data-region.
// Everything else that has been typed stays untouched.
let asking = null;

async function look(form, button) {
  asking?.abort();
  asking = new AbortController();
  const typed = new FormData(form);
  typed.append(button?.name ?? "look", button?.value ?? "1");
  const answer = await fetch(form.action, {
    method: "POST",
    body: typed,
    headers: { "HX-Request": "true" },
    signal: asking.signal,
  });
  if (!answer.ok) return plainly(form);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const focused = document.activeElement?.id;
  for (const region of form.querySelectorAll("[data-region]")) {
    const fresh = page.getElementById(region.id);
    if (fresh) region.replaceWith(fresh);
  }
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

// What the server does not answer here, it answers as a page: a sign-in, say, that keeps the form.
function plainly(form) {
  const button = form.querySelector("[name=look]");
  button.dataset.plain = "";
  form.requestSubmit(button);
}

const quietly = (error) => {
  if (error.name !== "AbortError") throw error;
};

document.addEventListener("change", ({ target }) => {
  const form = target.closest("form[data-looks]");
  if (form && target.matches("[data-look]")) look(form).catch(quietly);
});
document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-looks]");
  const button = event.submitter;
  if (!form) return;
  if (!["look", "start"].includes(button?.name) || "plain" in button.dataset) return asking?.abort();
  event.preventDefault();
  event.stopImmediatePropagation();
  look(form, button).catch(quietly);
}, true);
