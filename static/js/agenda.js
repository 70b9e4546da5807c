// <agenda-editor> moves rows by buttons or by dragging the grip, and writes the order into the number fields that are
// sent without scripts too. It also adds up the minutes and shows the hour each item begins at.
class AgendaEditor extends HTMLElement {
  connectedCallback() {
    this.list = this.querySelector("[data-items]");
    this.status = this.querySelector("[data-said]");
    this.addEventListener("click", e => { const b = e.target.closest("[data-move]"); if (b) this.move(b, Number(b.dataset.move)); });
    this.addEventListener("pointerdown", e => { const grip = e.target.closest("[data-grip]"); if (grip) this.drag(grip, e); });
    this.addEventListener("input", e => { if (e.target.name.endsWith("-minutes")) this.times(); });
    this.number(); this.times();
  }
  get rows() { return [...this.list.querySelectorAll("[data-item]")]; }
  field(row, name) { return row.querySelector(`[name$="-${name}"]`); }
  filled(row) { return this.field(row, "title").value.trim() !== ""; }
  move(button, by) {
    const rows = this.rows, row = button.closest("[data-item]"), other = rows[rows.indexOf(row) + by];
    if (!other) return;
    if (by < 0) other.before(row); else other.after(row);
    this.number(); this.times();
    button.focus();
    this.say(row);
  }
  say(row) {
    const filled = this.rows.filter(r => this.filled(r));
    const words = { title: this.field(row, "title").value, place: filled.indexOf(row) + 1, total: filled.length };
    if (words.place) this.status.textContent = this.status.dataset.said.replace(/\{(\w+)\}/g, (_, name) => words[name]);
  }
  drag(grip, start) {
    const row = grip.closest("[data-item]");
    if (start.button) return;
    start.preventDefault();
    row.classList.add("dragged");
    const held = new AbortController(); // on the document: a row that moves in the page gives up a captured pointer
    const on = (type, does) => document.addEventListener(type, does, { signal: held.signal });
    on("pointermove", e => {
      const other = this.rows.find(r => r !== row && e.clientY > r.getBoundingClientRect().top && e.clientY < r.getBoundingClientRect().bottom);
      if (!other) return;
      const box = other.getBoundingClientRect();
      if (e.clientY < box.top + box.height / 2) other.before(row); else other.after(row);
    });
    const drop = () => {
      held.abort();
      row.classList.remove("dragged");
      this.number(); this.times(); this.say(row);
    };
    on("pointerup", drop);
    on("pointercancel", drop);
  }
  number() { this.rows.forEach((row, n) => { this.field(row, "position").value = n + 1; }); }
  times() {
    let sum = 0, known = this.dataset.start ? this.dataset.start.split(":").reduce((h, m) => h * 60 + Number(m), 0) : null;
    for (const row of this.rows) {
      const minutes = Number(this.field(row, "minutes").value) || 0, at = row.querySelector("[data-time]");
      const hour = n => String(Math.floor(n / 60) % 24).padStart(2, "0") + ":" + String(n % 60).padStart(2, "0");
      at.textContent = known !== null && this.filled(row) ? hour(known) : "";
      if (this.filled(row)) { sum += minutes; known = known !== null && minutes ? known + minutes : null; }
    }
    const shown = this.querySelector("[data-sum]");
    shown.textContent = shown.dataset.sum.replace("{n}", sum);
  }
}
customElements.define("agenda-editor", AgendaEditor);
