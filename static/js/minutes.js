// <minutes-editor> wraps the form of the minutes: it shows the preview while one types, adds rows, and asks before the
// page is left with unsaved text. The preview is the same POST as the button's, read from the page it answers with.
const PAUSE = 700;
class MinutesEditor extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.preview = this.querySelector("[data-part=preview]");
    this.form.addEventListener("input", e => { this.dirty = true; if (e.target.name === "text") this.later(); });
    this.form.addEventListener("submit", () => { this.dirty = false; });
    addEventListener("beforeunload", e => { if (this.dirty) e.preventDefault(); });
    for (const rows of this.querySelectorAll("[data-rows]")) rows.querySelector("[data-add]").addEventListener("click", () => this.add(rows));
  }
  later() { clearTimeout(this.timer); this.timer = setTimeout(() => this.show(), PAUSE); }
  async show() {
    const sent = new FormData(this.form);
    sent.set("do", "preview");
    try {
      const answer = await fetch(location.href, { method: "POST", body: sent, credentials: "same-origin" });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-part=preview]");
      if (fresh) this.preview.replaceChildren(...fresh.childNodes);
    } catch { /* the network is away for a moment: the next pause tries again */ }
  }
  add(rows) {
    const total = this.form.elements[`${rows.dataset.rows}-TOTAL_FORMS`];
    const row = rows.querySelector("template").content.cloneNode(true);
    for (const el of row.querySelectorAll("*"))
      for (const { name, value } of [...el.attributes]) if (value.includes("__prefix__")) el.setAttribute(name, value.replaceAll("__prefix__", total.value));
    rows.insertBefore(row, rows.querySelector("template"));
    total.value = Number(total.value) + 1;
    rows.querySelector("template").previousElementSibling.querySelector("textarea").focus();
  }
}
customElements.define("minutes-editor", MinutesEditor);
