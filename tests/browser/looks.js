// What the contrast of each text on the page depends on, in words: two texts of one look have the same contrast.
globalThis.looks = (() => {
  const NOTHING = "rgba(0, 0, 0, 0) none border-box 1 none normal none";
  const FIELDS = "input, select, textarea";
  const grounds = new Map();
  let texts = [];

  const isText = (element) =>
    element.matches(FIELDS) || [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());

  const paint = (style) => {
    const own = [
      style.backgroundColor, style.backgroundImage, style.backgroundClip,
      style.opacity, style.filter, style.mixBlendMode, style.clipPath,
    ].join(" ");
    return own === NOTHING ? "" : `${own}; `;
  };

  // A box that may lie on others than those it stands in.
  const isLoose = (element, style) =>
    element instanceof SVGElement || ["absolute", "fixed", "sticky"].includes(style.position) ||
    style.transform !== "none" || style.translate !== "none" || style.margin.includes("-");

  // Return what is painted below, from the page upwards, the outermost loose box around, and whether all is clipped away.
  const ground = (element) => {
    if (!element) return {below: "", loose: null, gone: false};
    if (!grounds.has(element)) {
      const style = getComputedStyle(element), outer = ground(element.parentElement);
      const loose = outer.loose ?? (isLoose(element, style) ? element : null);
      grounds.set(element, {below: outer.below + paint(style), loose, gone: outer.gone || style.clipPath === "inset(50%)"});
    }
    return grounds.get(element);
  };

  // The block in which nothing but its colour may tell a link from the words beside it; one that is a box stands out.
  const blockAround = (link) => {
    const style = link && getComputedStyle(link);
    if (!["inline", "contents"].includes(style?.display) || style.textDecorationLine.includes("underline")) return null;
    let block = link.parentElement;
    while (getComputedStyle(block).display.startsWith("inline")) block = block.parentElement;
    const rest = block.cloneNode(true);
    rest.querySelectorAll("a, [role=link]").forEach((each) => each.remove());
    return rest.textContent.trim() && block;
  };

  // The very same HTML in the very same place.
  const place = (box) => {
    const path = [];
    for (let outer = box.parentElement; outer; outer = outer.parentElement) path.push(outer.cloneNode().outerHTML);
    return `in ${innerWidth} pixels, ${path.join("")}: ${box.outerHTML}`;
  };

  const look = (element) => {
    const style = getComputedStyle(element), {below, loose} = ground(element);
    const box = loose?.parentElement ?? blockAround(element.closest("a, [role=link]"));
    const letters = [
      style.color, style.webkitTextFillColor, style.webkitTextStroke, style.textShadow, style.fontSize, style.fontWeight,
    ];
    return `${box ? `${place(box)} ` : ""}${below}${letters.join(" ")}`;
  };

  // Above or before where the page begins nobody can scroll.
  const isOutside = ({right, bottom}) => right + scrollX <= 0 || bottom + scrollY <= 0;

  const isSeen = (element) =>
    element.checkVisibility({visibilityProperty: true}) && !ground(element).gone && !isOutside(element.getBoundingClientRect());

  // Return the looks of all texts that are seen; `pick` gives the elements by their numbers in that list.
  const all = () => {
    grounds.clear();
    texts = [...document.body.querySelectorAll("*")].filter((element) => isText(element) && isSeen(element));
    return texts.map(look);
  };

  return {all, pick: (numbers) => numbers.map((number) => texts[number]), number: (element) => texts.indexOf(element)};
})();
