// The seconds a time is still held. At zero the server is asked what is free close to it;
// the form around it, and everything typed into it, stays.
const form = document.querySelector("form[data-url]");
if (location.pathname !== form.dataset.url) history.replaceState(null, "", form.dataset.url);

const box = document.querySelector("[data-countdown]");
const ends = Date.now() + Number(box?.dataset.seconds) * 1000;

async function expire() {
  const answer = await fetch(form.dataset.url, { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  document.getElementById("hold").replaceWith(page.getElementById("hold"));
  const isOver = !document.querySelector("[data-countdown]");
  form.querySelector("button.wide").hidden = isOver;
}

function tick() {
  const left = Math.max(0, Math.ceil((ends - Date.now()) / 1000));
  const clock = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  box.querySelector("[data-left]").textContent = box.dataset.words.replace("{left}", clock);
  box.querySelector("progress").value = left;
  if (left === 60) box.querySelector("[data-live]").textContent = box.dataset.said;
  if (left > 0) setTimeout(tick, 1000);
  else expire().catch(() => location.reload());
}
if (box) tick();
