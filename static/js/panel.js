// Appointments, and new ones, open beside the calendar where there is room, else as pages.
// The address remembers what is open behind its #, so that “back” closes and “reload” keeps it.
const OPENS = /^\/desk\/[\w-]+\/(new\/|appointments\/[\w-]+\/)/;
const SHOWN = [200, 409, 422, 503];
const TITLE = "#docket-title";
const panel = document.getElementById("panel");
const isWide = matchMedia("(min-width: 60rem)");
const part = { "HX-Request": "true" };
let opener = "";

const pathOf = (address) => {
  const { origin, pathname, search } = new URL(address, location.href);
  return origin === location.origin && OPENS.test(pathname) ? pathname + search : "";
};
const remembered = () => {
  try {
    return pathOf(decodeURIComponent(location.hash.slice(1)) || "/");
  } catch {
    return "";
  }
};

function show(text, focused) {
  const page = new DOMParser().parseFromString(text, "text/html");
  const close = document.createElement("button");
  close.className = "btn square panel-close";
  close.ariaLabel = panel.dataset.close;
  close.dataset.closes = "";
  close.textContent = "×";
  panel.replaceChildren(close, ...page.body.childNodes);
  panel.scrollTop = 0;
  const first = panel.querySelector(focused) ?? panel.querySelector(TITLE);
  first?.setAttribute("tabindex", "-1");
  first?.focus({ preventScroll: true });
  document.dispatchEvent(new Event("panel:shown"));
}

async function open(path) {
  panel.ariaBusy = "true";
  const answer = await fetch(path, { headers: part }).catch(() => null);
  panel.ariaBusy = "false";
  if (!answer?.ok) return location.assign(path);
  show(await answer.text(), TITLE);
}

async function send(form, button) {
  const typed = new FormData(form, button);
  panel.ariaBusy = "true";
  const answer = await fetch(form.action, { method: "POST", body: typed, headers: part }).catch(() => null);
  panel.ariaBusy = "false";
  if (!SHOWN.includes(answer?.status)) return form.submit();
  show(await answer.text(), "[role=alert], [role=status]");
  const path = pathOf(answer.url);
  if (answer.redirected && path) history.replaceState(history.state, "", `#${encodeURIComponent(path)}`);
  document.dispatchEvent(new Event("desk:look"));
}

function openBeside(path, from) {
  opener = from?.id ?? "";
  const beside = (history.state?.beside ?? 0) + 1;
  if (remembered() !== path) history.pushState({ beside }, "", `#${encodeURIComponent(path)}`);
  open(path);
}

function clear() {
  if (!panel.hasChildNodes()) return;
  panel.replaceChildren();
  const back = document.getElementById(opener) ?? document.getElementById("sheet");
  back?.focus({ preventScroll: true });
}

function close() {
  if (history.state?.beside) return history.go(-history.state.beside);
  history.replaceState(null, "", location.pathname + location.search);
  clear();
}

document.addEventListener("click", (event) => {
  const isPlain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button);
  if (event.target.closest("[data-closes]")) return close();
  const link = event.target.closest("#agenda a, .cal-new, #panel a");
  if (!link || event.defaultPrevented || !isPlain || !isWide.matches) return;
  if (link.target || "whole" in link.dataset) return;
  const path = pathOf(link.href);
  if (!path) return;
  event.preventDefault();
  openBeside(path, panel.contains(link) ? { id: opener } : link);
});
document.addEventListener("desk:open", (event) => {
  if (!isWide.matches) return;
  event.preventDefault();
  openBeside(pathOf(event.detail), null);
});
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || !panel.contains(event.target)) return;
  event.preventDefault();
  send(event.target, event.submitter);
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || !panel.hasChildNodes()) return;
  if (document.querySelector("dialog[open], [data-held]")) return;
  close();
});
addEventListener("popstate", () => (remembered() ? open(remembered()) : clear()));
if (remembered() && isWide.matches) open(remembered());
