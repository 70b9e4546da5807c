// [data-watch="building"] looks at its own page every two seconds and takes over what changed, until nothing is built.
const part = document.querySelector("[data-watch]");
async function look() {
  try {
    const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
    const fresh = page.querySelector("[data-watch]");
    if (!fresh || fresh.dataset.watch !== "building") return location.reload();
    for (const id of ["#done", "progress", ".steps"]) part.querySelector(id).replaceWith(fresh.querySelector(id));
  } catch { /* the server is away for a moment: look again */ }
  setTimeout(look, 2000);
}
if (part?.dataset.watch === "building") setTimeout(look, 2000);
