// Which targets on the page axe has to measure: all others are large and uncovered, or far enough from one another.
globalThis.targets = (() => {
  const SIZE = 24; // CSS pixels, in WCAG and in axe
  const TARGETS = "a, area, button, input, select, textarea, summary, [role][tabindex], [role][contenteditable]";
  let doubtful = [];

  const centre = (box) => ({x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2});
  const between = (least, most, value) => Math.min(Math.max(value, least), most);
  const nearest = ({x, y}, box) => ({x: between(box.left, box.right, x), y: between(box.top, box.bottom, y)});
  const distance = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);
  const isLarge = ({box, parts}) => parts.length === 1 && Math.min(box.width, box.height) >= SIZE;
  const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  const isApart = (a, b) => !a.contains(b) && !b.contains(a);

  // Where another box lies over or below this one, axe finds out what is left of either.
  const isWhole = (one, all) => !all.some((other) => meet(one.box, other.box) && isApart(one.element, other.element));

  // A circle around `middle`, as wide as a target has to be, touches neither the other target nor its circle.
  const isAway = (middle, other) => {
    const gap = Math.min(...other.parts.map((part) => distance(middle, nearest(middle, part))));
    const isClear = isLarge(other) || distance(middle, centre(other.box)) >= SIZE;
    return gap >= SIZE || (other.whole && isClear && gap >= SIZE / 2);
  };

  const isFine = (one, others) =>
    one.whole &&
    ((isLarge(one) && !others.some(({box}) => meet(one.box, box))) ||
      one.parts.every((part) => others.every((other) => isAway(centre(part), other))));

  // Return how many targets are in doubt; `pick` gives their elements.
  const all = () => {
    const seen = [...document.body.querySelectorAll("*")].filter((each) => each.checkVisibility({visibilityProperty: true}));
    const boxes = seen.map((element) => ({element, box: element.getBoundingClientRect()}));
    const filled = boxes.filter(({box}) => box.width && box.height);
    const found = filled.filter(({element}) => element.matches(TARGETS));
    for (const one of found) Object.assign(one, {parts: [...one.element.getClientRects()], whole: isWhole(one, filled)});
    doubtful = found.filter((one) => !isFine(one, found.filter((other) => other !== one)));
    return doubtful.length;
  };

  return {all, pick: () => doubtful.map(({element}) => element)};
})();
