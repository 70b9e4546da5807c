/**
 * <copy-text>: copies the value of its input. Without script the input stands there to be copied by hand.
 *
 * Markup: an input, a button, a role=status; data-copied is what is said afterwards.
 */
class CopyText extends HTMLElement {
  connectedCallback() {
    this.querySelector("button").addEventListener("click", () => this.copy());
  }

  async copy() {
    const input = this.querySelector("input");
    input.select();
    try {
      await navigator.clipboard.writeText(input.value);
      this.querySelector("[role=status]").textContent = this.dataset.copied;
      this.querySelector("button").textContent = this.dataset.copied;
    } catch {
      // no permission: the text is selected, so that one key copies it
    }
  }
}
customElements.define("copy-text", CopyText);
