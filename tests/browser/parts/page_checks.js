/* Looked at inside the page: what spills out of its screen, what its outline lacks, what axe finds. */
({
  spills() {
    const elsewhere = ".kk-aloud, svg, .kk-scroll, .utrecht-skip-link, input, textarea, select, [hidden]";
    const named = ({ tagName, className, textContent }) =>
      `${tagName.toLowerCase()}.${className} “${textContent.trim().slice(0, 30)}”`;
    const width = document.scrollingElement.scrollWidth;
    const spilt = width > innerWidth ? [`the page is ${width} pixels wide, the screen ${innerWidth}`] : [];
    for (const element of document.querySelectorAll("body *")) {
      const box = element.getBoundingClientRect();
      if (!box.width || element.closest(elsewhere)) continue;
      const hides = getComputedStyle(element).overflowX !== "visible";
      if (box.right > innerWidth + 1 || box.left < -1) spilt.push(`outside the screen: ${named(element)}`);
      else if (hides && element.scrollWidth > element.clientWidth + 1) spilt.push(`cut off: ${named(element)}`);
    }
    return spilt.slice(0, 4);
  },

  /* Words of at most 13 characters that stand on two lines. Longer ones may be wider than a phone. */
  broken() {
    const unseen = ".kk-aloud, svg, textarea, select";
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
      const text = walker.currentNode;
      if (text.parentElement.closest(unseen) || !text.parentElement.getClientRects().length) continue;
      for (const { 0: word, index } of text.data.matchAll(/(?<![^\s-])[^\s-]{1,13}(?![^\s])/g)) {
        const range = document.createRange();
        range.setStart(text, index);
        range.setEnd(text, index + word.length);
        const lines = new Set([...range.getClientRects()].filter(({ width }) => width > 0.5).map(({ top }) => top));
        if (lines.size > 1) found.push(`broken: ${word} in ${text.parentElement.localName}`);
      }
    }
    return found;
  },

  /* WCAG 1.4.12: nothing is lost when a reader spaces the text like this. */
  space() {
    const sheet = new CSSStyleSheet();
    const text = "line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important";
    sheet.replaceSync(`* { ${text} } p { margin-block-end: 2em !important }`);
    document.adoptedStyleSheets = [sheet];
  },

  /* Classes of ours for which no stylesheet of this page has a rule: a part nobody dressed,
     or one whose sheet the page did not ask for. */
  undressed() {
    const dressed = new Set();
    const read = (rules) => {
      for (const rule of rules) {
        for (const [, name] of (rule.selectorText ?? "").matchAll(/\.([\w-]+)/g)) dressed.add(name);
        if (rule.cssRules) read(rule.cssRules);
      }
    };
    for (const sheet of document.styleSheets) {
      if (sheet.media.mediaText !== "print") read(sheet.cssRules);
    }
    const used = [...document.querySelectorAll("[class]")].flatMap(({ classList }) => [...classList]);
    const bare = new Set(used.filter((name) => /^(kk|utrecht)-/.test(name) && !dressed.has(name)));
    return [...bare].map((name) => `undressed: .${name}`);
  },

  outline() {
    const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
    const headings = document.querySelectorAll("h1").length;
    return [
      ...(document.title.endsWith(" · Kopkrakers") ? [] : [`title: ${document.title}`]),
      ...(headings === 1 ? [] : [`${headings} first headings`]),
      ...ids.filter((id, place) => ids.indexOf(id) !== place).map((id) => `twice: #${id}`),
    ];
  },

  /* Fields of which the browser itself would say that they are wrong: in its own language, in a bubble
     that covers the button and is gone in seconds. A form says it (novalidate), or the script does. */
  bubbles() {
    const asks = ":is([required], [minlength], [pattern], [type=email], [type=url], [type=number])";
    const spoken = ({ form, name, willValidate }) =>
      willValidate && form && !form.noValidate && !document.querySelector(`[data-mist="${name}"]`);
    const names = [...document.querySelectorAll(asks)].filter(spoken).map(({ name }) => name);
    return [...new Set(names)].map((name) => `a bubble of the browser: ${name}`);
  },

  async axe(options) {
    const { violations } = await axe.run(document, options);
    const told = ({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} at ${target}: ${failureSummary}`);
    return violations.flatMap(told);
  },
})
