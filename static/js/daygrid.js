// <day-grid>: the server draws the columns, with places told by classes (h9 m35 is 9:35). This
// adds moving, by mouse, finger and pen and by Alt with the arrow keys; the server decides.
const THRESHOLD = 5, LONG_PRESS = 400, EDGE = 48, SPEED = 9;
const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
const byId = (id) => document.getElementById(id);
const clock = (minute) => [Math.floor(minute / 60), minute % 60].map((part) => `${part}`.padStart(2, "0")).join(":");
const told = (item, name) => Number(item.className.match(new RegExp(`(?:^| )${name}(\\d+)`))?.[1] ?? 0);

class DayGrid extends HTMLElement {
  connectedCallback() {
    this.first = Number(this.dataset.first);
    this.last = Number(this.dataset.last);
    this.pane = this.querySelector(".sheet-scroll");
    this.strips = [...this.querySelectorAll(".strip")];
    this.addEventListener("pointerdown", (event) => this.press(event));
    this.addEventListener("keydown", (event) => this.step(event));
    this.addEventListener("keyup", (event) => event.key === "Alt" && this.move?.isByKeys && this.end(true));
    this.addEventListener("click", (event) => this.swallow(event), true);
    this.addEventListener("dragstart", (event) => event.preventDefault());
    this.addEventListener("contextmenu", (event) => this.move?.isOn && event.preventDefault());
    this.addEventListener("touchmove", (event) => this.move?.isOn && event.preventDefault(), { passive: false });
    const now = this.querySelector(".now");
    if (now && !this.pane.scrollTop) this.pane.scrollTop = now.offsetTop - this.pane.clientHeight / 3;
  }

  begin(link, more) {
    const item = link.closest(".visit"), strip = link.closest(".strip");
    const [version, interval, anchor, fold] = link.dataset.moves.split(" ");
    const start = told(item, "h") * 60 + told(item, "m"), length = told(item, "dh") * 60 + told(item, "dm");
    const from = { strip, start, next: item.nextSibling, clock: item.querySelector("time").textContent };
    const over = new AbortController(), isTiny = item.classList.contains("tiny");
    this.move = { link, item, strip, start, length, isTiny, version, interval: Number(interval), anchor, fold, from, over, ...more };
    addEventListener("blur", () => this.end(false), { signal: over.signal });
    addEventListener("keydown", (event) => event.key === "Escape" && this.end(false), { signal: over.signal });
  }
  hold() {
    this.move.isOn = true;
    this.dataset.held = "";
    this.move.item.classList.add("moving");
  }
  end(keep) {
    const move = this.move;
    this.move = null;
    move.over.abort();
    clearTimeout(move.waiting);
    if (move.isOn && !move.isByKeys) this.dropped = performance.now();
    move.item.classList.remove("moving");
    const isElsewhere = move.start !== move.from.start || move.strip !== move.from.strip;
    if (keep && isElsewhere) return this.commit(move);
    if (isElsewhere) this.revert(move);
    delete this.dataset.held;
  }

  // The start nearest to a minute, on the grid of the hours that are open there (or of the clock).
  snap(strip, minute) {
    const { interval, anchor, length } = this.move;
    const opens = strip.dataset.opens.split(" ").filter(Boolean).map((span) => span.split("-").map(Number));
    const open = opens.find(([, closes]) => minute < closes) ?? opens.at(-1) ?? [0];
    const from = anchor === "clock" ? 0 : open[0];
    const start = from + Math.round((minute - from) / interval) * interval;
    return Math.max(this.first, Math.min(this.last - length, start));
  }
  // Among people an appointment may change hands; a room stays the room, whatever the day.
  mayGo(strip) {
    const was = this.move.from.strip.dataset, is = strip.dataset;
    return was.staff === is.staff || (was.kind === "staff" && is.kind === "staff");
  }
  place(strip, minute) {
    const move = this.move, start = this.snap(strip, minute);
    if (strip === move.strip && start === move.start) return;
    if (strip !== move.strip) this.put(move, strip.querySelector("ol"), null);
    Object.assign(move, { strip, start });
    move.item.style.setProperty("--h", Math.floor(start / 60));
    move.item.style.setProperty("--m", start % 60);
    move.item.querySelector("time").textContent = move.isTiny ? clock(start) : `${clock(start)} – ${clock(start + move.length)}`;
    byId("said").textContent = `${strip.querySelector("h2").textContent}, ${clock(start)}`;
  }
  put(move, list, next) {
    const hadFocus = document.activeElement === move.link;
    list.insertBefore(move.item, next);
    if (hadFocus) move.link.focus({ preventScroll: true });
  }
  revert(move) {
    this.put(move, move.from.strip.querySelector("ol"), move.from.next);
    move.item.removeAttribute("style");
    move.item.querySelector("time").textContent = move.from.clock;
  }
  async commit(move) {
    const { day, staff } = move.strip.dataset;
    const body = new URLSearchParams({ day, staff, time: clock(move.start), version: move.version, fold: move.fold });
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
    const headers = { "X-Requested-With": "fetch", "X-CSRFToken": token };
    const answer = await fetch(`${move.link.pathname}move/`, { method: "POST", headers, body }).catch(() => null);
    delete this.dataset.held;
    if (answer?.status === 204) {
      byId("said").textContent = this.dataset.moved;
    } else {
      this.revert(move);
      const isSentence = answer?.headers.get("Content-Type")?.startsWith("text/plain");
      byId("toast").textContent = `${this.dataset.kept} ${isSentence ? await answer.text() : this.dataset.failed}`;
      byId("toast").hidden = false;
    }
    document.dispatchEvent(new Event("desk:look"));
  }

  press(event) {
    const link = event.target.closest("a[data-moves]");
    byId("toast").hidden = true;
    if (!link || event.button || this.move) return;
    const at = { x: event.clientX, y: event.clientY }, grab = at.y - link.getBoundingClientRect().top;
    const isTouch = event.pointerType === "touch";
    this.begin(link, { waiting: isTouch ? setTimeout(() => start(), LONG_PRESS) : 0 });
    const move = this.move, options = { signal: move.over.signal };
    const drag = () => {
      const under = this.strips.find((strip) => {
        const box = strip.getBoundingClientRect();
        return at.x >= box.left && at.x < box.right;
      });
      const strip = under && this.mayGo(under) ? under : move.strip;
      const box = strip.querySelector(".strip-day").getBoundingClientRect();
      this.place(strip, this.first + ((at.y - grab - box.top) / box.height) * (this.last - this.first));
    };
    const follow = () => {
      if (this.move !== move) return;
      const box = this.pane.getBoundingClientRect(), top = box.top + move.strip.querySelector("header").offsetHeight;
      const pull = (value, low, high) => (value < low + EDGE ? -SPEED : value > high - EDGE ? SPEED : 0);
      const [x, y] = [pull(at.x, box.left, box.right), pull(at.y, top, box.bottom)];
      if (x || y) {
        this.pane.scrollBy(x, y);
        drag();
      }
      requestAnimationFrame(follow);
    };
    const start = () => {
      this.hold();
      follow();
    };
    const moved = (to) => {
      const isFar = Math.hypot(to.clientX - at.x, to.clientY - at.y) >= THRESHOLD;
      if (!move.isOn && isFar && isTouch) return this.end(false);
      if (!move.isOn && isFar) start();
      if (!move.isOn) return;
      Object.assign(at, { x: to.clientX, y: to.clientY });
      drag();
    };
    addEventListener("pointermove", moved, options);
    addEventListener("pointerup", () => this.end(true), options);
    addEventListener("pointercancel", () => this.end(false), options);
  }
  step(event) {
    const way = ARROWS[event.key], link = event.target.closest("a[data-moves]");
    if (!way || !link || !event.altKey || (this.move && !this.move.isByKeys)) return;
    event.preventDefault();
    if (!this.move) {
      this.begin(link, { isByKeys: true });
      this.hold();
    }
    const move = this.move, side = getComputedStyle(this).direction === "rtl" ? -way[0] : way[0];
    const near = this.strips[this.strips.indexOf(move.strip) + side];
    this.place(near && this.mayGo(near) ? near : move.strip, move.start + way[1] * move.interval);
    move.item.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
  swallow(event) {
    if (performance.now() - (this.dropped ?? -1000) > 300) return;
    event.preventDefault();
    event.stopPropagation();
  }
}
customElements.define("day-grid", DayGrid);
