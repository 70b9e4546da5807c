// Blocking and tiny: runs before the first paint, marks that scripts work, restores the chosen theme.
const root = document.documentElement;
root.classList.add("js");
// Where the browser forbids storage, reading it throws: the theme then lasts for one page.
const theme = {
  get() { try { return localStorage.getItem("theme"); } catch { return null; } },
  set(t) { try { if (t) localStorage.setItem("theme", t); else localStorage.removeItem("theme"); } catch { /* not kept */ } },
};
if (theme.get()) root.dataset.theme = theme.get();
addEventListener("DOMContentLoaded", () => {
  const buttons = document.querySelectorAll("[data-set-theme]");
  const mark = () => buttons.forEach(b => b.setAttribute("aria-pressed", (root.dataset.theme ?? "auto") === b.dataset.setTheme));
  buttons.forEach(b => b.addEventListener("click", () => {
    const t = b.dataset.setTheme;
    if (t === "auto") delete root.dataset.theme; else root.dataset.theme = t;
    theme.set(t === "auto" ? "" : t);
    mark();
  }));
  mark();
  // Menus are <details class="menu">: a click elsewhere or Escape closes them.
  const open = () => document.querySelectorAll("details.menu[open]");
  addEventListener("click", e => open().forEach(d => d.contains(e.target) || (d.open = false)));
  addEventListener("keydown", e => e.key === "Escape" && open().forEach(d => { d.open = false; d.querySelector("summary").focus(); }));
  // What is sent is sent once, however often the button is pressed while the answer is on its way.
  addEventListener("submit", e => {
    const form = e.target;
    if (e.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) { e.preventDefault(); return; }
    form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 5000);  // an answer may be a file, and the page stays
  });
  addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(f => delete f.dataset.sent));
  // An error summary takes the focus when the page comes back with errors.
  document.querySelector(".error-summary")?.focus();
});
