// Follows the calendar: asks every few seconds whether it has changed, and shows it anew.
const EVERY = 4000, SELDOM = 60000;
const byId = (id) => document.getElementById(id);
let wait = EVERY, timer = 0, isLooking = false, isAsked = false, shownAt = Date.now(), awaySince = null;

function renew(text) {
  const old = byId("agenda"), fresh = new DOMParser().parseFromString(text, "text/html").getElementById("agenda");
  if (fresh.dataset.day !== old.dataset.day && !byId("panel").hasChildNodes()) return location.reload();
  const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
  const pane = old.querySelector(".sheet-scroll"), at = pane && [pane.scrollLeft, pane.scrollTop];
  old.replaceWith(fresh);
  if (at) fresh.querySelector(".sheet-scroll")?.scrollTo(...at);
  if (focused) byId(focused)?.focus({ preventScroll: true });
  window.htmx?.process(fresh);
  shownAt = Date.now();
}

function passTime() {
  const { minute } = byId("agenda").dataset;
  if (!minute) return;
  const now = Number(minute) + (Date.now() - shownAt) / 60000;
  for (const line of document.querySelectorAll(".now")) {
    line.style.setProperty("--h", Math.floor(now / 60));
    line.style.setProperty("--m", now % 60);
  }
}

function notice(isAway) {
  awaySince = isAway ? (awaySince ?? new Date()) : null;
  wait = isAway ? Math.min(wait * 2, SELDOM) : EVERY;
  const line = byId("offline"), time = awaySince?.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  if (isAway) line.querySelector("span").textContent = line.dataset.words.replace("{time}", time);
  line.hidden = !isAway;
}

async function look() {
  clearTimeout(timer);
  isAsked = isLooking;
  if (isLooking || document.hidden) return;
  isLooking = true;
  const headers = { "X-Requested-With": "fetch", "If-None-Match": `"${byId("agenda").dataset.stamp}"` };
  try {
    const answer = await fetch(location.href, { headers, cache: "no-store" });
    if (answer.status === 401) {
      byId("signed-out").hidden = false;
      return;
    }
    const text = answer.ok ? await answer.text() : "";
    if (text && !document.querySelector("[data-held]")) renew(text);
    notice(!answer.ok && answer.status !== 304);
  } catch {
    notice(true);
  } finally {
    isLooking = false;
  }
  passTime();
  timer = setTimeout(look, isAsked ? 0 : wait);
}

timer = setTimeout(look, EVERY);
document.addEventListener("desk:look", look);
document.addEventListener("visibilitychange", look);
addEventListener("online", look);
addEventListener("pageshow", (event) => event.persisted && look());
