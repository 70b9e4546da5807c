// The projector's page reads itself again every five seconds; without scripts its link does the same.
const PERIOD = 5000;
const stage = document.querySelector("[data-stage]");
const renew = async () => {
  try {
    const answer = await fetch(location.href, { credentials: "same-origin" });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = fresh.querySelector("[data-stage]");
    if (!answer.ok || next?.dataset.stage !== stage.dataset.stage) return location.reload();
    for (const part of document.querySelectorAll("[data-part]")) {
      const now = fresh.querySelector(`[data-part="${part.dataset.part}"]`);
      if (now && now.innerHTML !== part.innerHTML) part.replaceChildren(...now.childNodes);
    }
  } catch { /* the network is away for a moment: the next turn tries again */ }
  setTimeout(renew, PERIOD);
};
if (stage && stage.dataset.stage !== "published") setTimeout(renew, PERIOD);
