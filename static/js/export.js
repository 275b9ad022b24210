// A link marked data-export fetches its file and shows how far it is; without this script, or
// where something goes wrong on the way, it is a plain link. Rows are counted as they come, a
// workbook by its size: while the server writes it, nobody knows how long that takes.
const box = document.querySelector("[data-progress]");
const bar = box?.querySelector("progress");
const words = box?.querySelector("[role=status]");

function show(sentence, part) {
  box.hidden = false;
  words.textContent = sentence;
  if (part === undefined) bar.removeAttribute("value");
  else bar.value = part;
}

async function read(answer) {
  const bytes = Number(answer.headers.get("X-Bytes"));
  const rows = Number(answer.headers.get("X-Rows"));
  const pieces = [];
  let size = 0;
  let lines = -1; // the headings are no booking
  for (const reader = answer.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    pieces.push(value);
    size += value.length;
    if (bytes) {
      show(box.dataset.loading, size / bytes);
      continue;
    }
    for (const byte of value) if (byte === 10) lines += 1;
    const said = box.dataset.coming.replace("{done}", lines).replace("{all}", rows);
    show(said, rows ? Math.min(1, lines / rows) : 1);
  }
  if (bytes ? size !== bytes : lines < 0) throw new Error("cut short");
  return new Blob(pieces, { type: answer.headers.get("Content-Type") });
}

function keep(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

async function fetchFile(link) {
  show(box.dataset.preparing);
  link.ariaBusy = "true";
  try {
    const answer = await fetch(link.href, { headers: { "X-Requested-With": "fetch" } });
    const name = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition"))?.[1];
    if (!answer.ok || !name) return location.assign(link.href);
    keep(await read(answer), name);
    show(box.dataset.done, 1);
  } catch {
    show(box.dataset.failed, 0);
  } finally {
    link.ariaBusy = "false";
  }
}

addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-export]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  if (link.ariaBusy !== "true") fetchFile(link);
});
