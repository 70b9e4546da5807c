/**
 * <receipt-check>: looks a receipt up among the fingerprints of the page. Nothing leaves the browser.
 *
 * Markup: a <template> with a form (one input) and a role=status; data-yes, data-no and data-unable hold the answers;
 * each fingerprint stands in a <code> of the surrounding <details>.
 */
class ReceiptCheck extends HTMLElement {
  connectedCallback() {
    if (this.querySelector("form")) return;
    this.append(this.querySelector("template").content.cloneNode(true));
    this.querySelector("form").addEventListener("submit", e => { e.preventDefault(); this.check(); });
  }

  async check() {
    const receipt = this.querySelector("input").value.trim().toLowerCase();
    this.querySelector("[role=status]").textContent = await this.answer(receipt);
  }

  async answer(receipt) {
    if (!globalThis.crypto?.subtle) return this.dataset.unable;
    const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(receipt)));
    const digest = [...bytes].map(byte => byte.toString(16).padStart(2, "0")).join("");
    const listed = [...this.closest("details").querySelectorAll("code")].some(code => code.textContent === digest);
    return listed ? this.dataset.yes : this.dataset.no;
  }
}
customElements.define("receipt-check", ReceiptCheck);
