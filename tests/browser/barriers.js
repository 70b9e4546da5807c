// Axe, asked for no more than is wanted: the violations, and the texts whose contrast it measured.
globalThis.barriers = (() => {
  const COLOURS = ["color-contrast", "link-in-text-block"];
  const SIZE = "target-size";
  let texts = new Set(), goals = new Set();

  const isWithin = (element, chosen) => {
    while (element && !chosen.has(element)) element = element.parentElement;
    return Boolean(element);
  };

  // Let a rule look at what is chosen, and at all that stands in it.
  const limit = (id, chosen) => {
    const rule = axe._audit.getRule(id), {matches} = rule;
    rule.matches = (element, ...rest) => isWithin(element, chosen()) && matches.call(rule, element, ...rest);
  };

  axe.configure({noHtml: true});
  COLOURS.forEach((id) => limit(id, () => texts));
  limit(SIZE, () => goals);

  const broken = ({id, violations}) => [id, violations.slice(0, 3).map(({node}) => node.selector.join(" "))];
  const passed = ({node, any}) => [looks.number(node.element), any.some(({data}) => data?.bgColor)];

  const report = (rules, _options, done) => done({
    broken: rules.filter(({violations}) => violations?.length).map(broken),
    passed: rules.filter(({id}) => id === COLOURS[0]).flatMap(({passes}) => passes ?? []).map(passed),
  });

  const find = ([numbers, doubtful, options]) => {
    texts = new Set(looks.pick(numbers));
    goals = new Set(doubtful ? targets.pick() : []);
    return axe.run(document, {...options, reporter: report});
  };

  return {find};
})();
