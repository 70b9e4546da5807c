/**
 * <rank-ballot>: turns a plain form of selects into two lanes, "not ranked" and "ranked".
 *
 * The selects stay in the form and carry the answer, so the server sees the same POST with or
 * without this script: rank-<id> = 1, 2, 2, 4 … | "" (not a priority) | "x" (no opinion).
 * Every move works by button (and so by keyboard, switch or voice); dragging is an extra for pointers.
 * No text lives here: markup comes from <template> elements, messages from data-* attributes.
 *
 * The page loads css/ballot.css and this module. Markup it expects (inside the <form>; {name}, {rank}, {n}, {total} are filled in here):
 *
 *   <rank-ballot data-count="{n} of {total} challenges ranked. You may stop at any point."
 *                data-said-ranked="{name}: rank {rank} of {total}."  data-said-tied="{name}: rank {rank}, tied, of {total}."
 *                data-said-unranked="{name}: not ranked."            data-said-mute="{name}: no opinion."
 *                [data-unsaved]>   data-unsaved: what is filled in was refused, so leaving the page asks first
 *     <ul class="nojs-list">       the ballot without script, in the elector's own order of options
 *       <li data-id="7"><div class="field"><label for="rank-7">Rank<span class="sr"> of Capacity</span></label>
 *         <select class="input" id="rank-7" name="rank-7"><option value="">Not a priority</option>
 *           <option value="1">1</option> … one for each option … <option value="x">No opinion</option></select>
 *         [<p class="msg-error" id="…">what is wrong</p>]   moves to the tile; links to #rank-7 in the form then lead there
 *         </div>
 *         <div><h2 class="h4" data-name>Capacity</h2><p data-text>…</p></div></li>
 *     </ul>
 *     <template data-board><div class="board">
 *       <section class="lane lane-unranked"><h2>…</h2><ul data-lane="unranked"><li class="empty">…</li></ul></section>
 *       <section class="lane lane-ranked"><h2>…</h2><ol data-lane="ranked"><li class="empty">…</li></ol></section>
 *     </div><p class="sr" role="status" data-live></p></template>
 *     <template data-tile><li class="tile"><span class="grip" data-grip aria-hidden="true">…</span>
 *       <span class="rank-no"><span class="sr">Rank </span><span data-no></span></span>
 *       <div><h3></h3><p></p><span class="tag said-mute">No opinion</span></div>
 *       <div class="acts">          button[data-act] with aria-label "… {name} …": mute and add carry the class only-unranked,
 *         …                         top, up, down, tie and remove the class only-ranked; optional, and shown beyond 15 options:
 *         <select class="input only-ranked" data-jump aria-label="Place of {name}"></select></div></li></template>
 *   </rank-ballot>
 *   <p data-status></p>            somewhere in the form: shows data-count, is not announced
 */
class RankBallot extends HTMLElement {
  connectedCallback() {
    if (this.board) return;
    this.append(this.querySelector("template[data-board]").content.cloneNode(true));
    this.board = this.querySelector(".board");
    this.ranked = this.querySelector("[data-lane=ranked]");
    this.unranked = this.querySelector("[data-lane=unranked]");
    this.live = this.querySelector("[data-live]");
    const options = [...this.querySelectorAll("[data-id]")];
    this.long = options.length > 15;
    const tiles = options.map(li => this.tile(li));
    const given = tiles.filter(t => Number(t.select.value) > 0).sort((a, b) => a.select.value - b.select.value);
    given.forEach((t, i) => { t.classList.toggle("tied", i > 0 && given[i - 1].select.value === t.select.value); this.put(t, this.ranked); });
    tiles.filter(t => !given.includes(t)).forEach(t => { t.classList.toggle("mute", t.select.value === "x"); this.put(t, this.unranked); });
    for (const type of ["click", "change", "pointerdown", "mousedown"]) this.addEventListener(type, this);
    this.closest("form")?.addEventListener("submit", () => { this.dirty = false; });
    this.closest("form")?.addEventListener("click", e => this.lead(e));
    addEventListener("beforeunload", e => this.dirty && e.preventDefault());
    this.update();
    this.dirty = this.hasAttribute("data-unsaved");
  }

  handleEvent(e) { this[`on${e.type}`](e); }

  tile(li) {
    const t = this.querySelector("template[data-tile]").content.firstElementChild.cloneNode(true);
    t.name = li.querySelector("[data-name]").textContent;
    t.select = li.querySelector("select");
    t.querySelector("h3").textContent = t.name;
    t.querySelector("p").textContent = li.querySelector("[data-text]").textContent;
    for (const b of t.querySelectorAll("[aria-label]")) b.setAttribute("aria-label", this.fill(b.getAttribute("aria-label"), t));
    if (!this.long) t.querySelector("[data-jump]")?.remove();
    const wrong = li.querySelector(".msg-error");
    if (wrong) {
      t.classList.add("wrong");
      t.querySelector("h3").after(wrong);
      for (const b of t.querySelectorAll("button")) b.setAttribute("aria-describedby", wrong.id);
    }
    return t;
  }

  /** The error summary names selects, which are hidden here: its links lead to the first button of the tile. */
  lead(e) {
    const field = e.target.closest("a[href^='#']")?.hash.slice(1);
    const t = field && [...this.querySelectorAll(".tile")].find(x => x.select.id === field);
    if (!t) return;
    e.preventDefault();
    [...t.querySelectorAll("button")].find(b => b.checkVisibility()).focus();
  }

  fill(text, t, more = {}) { return text.replace(/\{(\w+)\}/g, (_, k) => ({ name: t.name, ...more })[k] ?? ""); }
  tiles(list) { return [...list.querySelectorAll(":scope > .tile")]; }
  put(t, list) { list.insertBefore(t, list.querySelector(".empty")); }
  button(t, act) { return t.querySelector(`[data-act=${act}]`); }

  /** Write the answer to the selects: 1, 2, 2, 4; "x" for no opinion; empty for the rest. */
  update() {
    const ranked = this.tiles(this.ranked), rest = this.tiles(this.unranked);
    let rank = 0;
    ranked.forEach((t, i) => {
      if (i === 0) t.classList.remove("tied");
      t.classList.remove("mute");
      const tied = t.classList.contains("tied");
      if (!tied) rank = i + 1;
      t.select.value = rank;
      t.querySelector("[data-no]").textContent = tied || ranked[i + 1]?.classList.contains("tied") ? `${rank}=` : rank;
      this.button(t, "tie").setAttribute("aria-pressed", tied);
      for (const [act, end] of [["top", i === 0], ["up", i === 0], ["tie", i === 0], ["down", i === ranked.length - 1]]) this.button(t, act).setAttribute("aria-disabled", end);
    });
    for (const t of rest) {
      const mute = t.classList.contains("mute");
      t.classList.remove("tied");
      t.select.value = mute ? "x" : "";
      this.button(t, "mute").setAttribute("aria-pressed", mute);
    }
    if (this.long) ranked.forEach((t, i) => this.places(t, i, ranked.length));
    const status = this.closest("form")?.querySelector("[data-status]");
    if (status) status.textContent = this.dataset.count.replace("{n}", ranked.length).replace("{total}", ranked.length + rest.length);
    this.dirty = true;
  }

  /** In a long list a tile also moves by choosing its place from a list. */
  places(t, at, total) {
    const jump = t.querySelector("[data-jump]");
    if (!jump) return;
    jump.replaceChildren(...Array.from({ length: total }, (_, k) => new Option(k + 1, k, false, k === at)));
  }

  /** Polite and debounced, so that quick presses end in one message. */
  say(t) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const ranked = this.tiles(this.ranked), no = t.querySelector("[data-no]").textContent;
      const text = !this.ranked.contains(t) ? (t.classList.contains("mute") ? this.dataset.saidMute : this.dataset.saidUnranked)
        : no.endsWith("=") ? this.dataset.saidTied : this.dataset.saidRanked;
      this.live.textContent = this.fill(text, t, { rank: parseInt(no), total: ranked.length });
    }, 120);
  }

  /** Run a change, keep the focus, then slide every tile from its old place to its new one. */
  move(t, change) {
    const all = [...this.querySelectorAll(".tile")], before = all.map(x => x.getBoundingClientRect()), focus = document.activeElement;
    change();
    this.update();
    if (t.contains(focus)) {
      const next = focus.dataset.act === "add" ? this.unranked.querySelector(".tile:not(.mute) [data-act=add]") ?? this.button(t, "up")
        : focus.dataset.act === "remove" ? this.button(t, "add") : focus;
      next.focus();
    }
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches) all.forEach((x, i) => {
      const r = x.getBoundingClientRect(), dx = before[i].left - r.left, dy = before[i].top - r.top;
      if (dx || dy) x.animate([{ transform: `translate(${dx}px, ${dy}px)` }, { transform: "none" }], { duration: 160, easing: "ease-out" });
    });
    this.say(t);
  }

  /** A tile leaves its tie group cleanly: the next one in the group becomes its head. */
  detach(t) {
    if (!t.classList.contains("tied") && t.nextElementSibling?.classList.contains("tied")) t.nextElementSibling.classList.remove("tied");
    t.classList.remove("tied");
  }

  onclick(e) {
    const b = e.target.closest("[data-act]");
    if (!b || b.getAttribute("aria-disabled") === "true") return;
    const t = b.closest(".tile"), prev = t.previousElementSibling, next = t.nextElementSibling;
    this.move(t, {
      add: () => this.put(t, this.ranked),
      remove: () => { this.detach(t); this.unranked.prepend(t); },
      top: () => { this.detach(t); this.ranked.prepend(t); },
      up: () => { this.detach(t); prev.before(t); if (prev.classList.contains("tied")) t.classList.add("tied"); },
      down: () => { this.detach(t); next.after(t); if (t.nextElementSibling.classList.contains("tied")) t.classList.add("tied"); },
      tie: () => t.classList.toggle("tied"),
      mute: () => t.classList.toggle("mute"),
    }[b.dataset.act]);
  }

  onchange(e) {
    if (!e.target.matches("[data-jump]")) return;
    const t = e.target.closest(".tile"), to = Number(e.target.value);
    this.move(t, () => {
      this.detach(t);
      const others = this.tiles(this.ranked).filter(x => x !== t);
      this.ranked.insertBefore(t, others[to] ?? this.ranked.querySelector(".empty"));
      if (others[to]?.classList.contains("tied")) t.classList.add("tied");
    });
  }

  /** Dragging must not select text: the next drag would then carry the selection instead of the tile. */
  onmousedown(e) { if (e.target.closest("[data-grip]")) e.preventDefault(); }

  onpointerdown(e) {
    const grip = e.target.closest("[data-grip]");
    if (!grip || e.button) return;
    const t = grip.closest(".tile"), stop = new AbortController(), on = (type, f) => addEventListener(type, f, { signal: stop.signal });
    const before = this.order(), dragging = () => t.classList.contains("dragging");
    let at = e;
    on("pointermove", m => {
      at = m;
      if (!dragging()) {
        if (Math.hypot(m.clientX - e.clientX, m.clientY - e.clientY) < 5) return;
        this.detach(t);
        t.classList.add("dragging", "lifted");
        scroll();
      }
      this.drag(t, at);
    });
    /* Near an edge the page scrolls for as long as the pointer stays there, also when it rests. */
    const scroll = () => {
      if (!dragging() || stop.signal.aborted) return;
      const edge = Math.min(90, innerHeight / 4), down = at.clientY > innerHeight - edge, up = at.clientY < edge;
      if (down || up) { scrollBy({ top: down ? 8 : -8, behavior: "instant" }); this.drag(t, at); }
      requestAnimationFrame(scroll);
    };
    const end = then => {
      stop.abort();
      if (!dragging()) return;
      t.classList.remove("dragging", "lifted");
      then();
    };
    on("pointerup", () => end(() => { this.update(); this.say(t); }));
    on("pointercancel", () => end(() => this.restore(before)));
    on("keydown", k => k.key === "Escape" && end(() => this.restore(before)));
  }

  /** Put a dragged tile where the pointer is. */
  drag(t, at) {
    const list = [this.unranked, this.ranked].find(l => {
      const r = l.closest(".lane").getBoundingClientRect();
      return at.clientX >= r.left && at.clientX <= r.right && at.clientY >= r.top && at.clientY <= r.bottom;
    });
    if (!list) return;
    const after = this.tiles(list).filter(x => x !== t).find(x => { const r = x.getBoundingClientRect(); return at.clientY < r.top + r.height / 2; });
    const ref = after ?? list.querySelector(".empty");
    if (t.nextElementSibling !== ref) this.move(t, () => { ref.before(t); t.classList.toggle("tied", !!after?.classList.contains("tied")); });
  }

  /** All tiles with their lane and look, to go back to when a drag is given up. */
  order() { return { dirty: this.dirty, tiles: [this.unranked, this.ranked].flatMap(list => this.tiles(list).map(t => [t, list, t.className])) }; }

  restore({ dirty, tiles }) {
    for (const [t, list, look] of tiles) { this.put(t, list); t.className = look; }
    this.update();
    this.dirty = dirty;
  }
}
customElements.define("rank-ballot", RankBallot);
