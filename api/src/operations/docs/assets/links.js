// Opens the operation that a link in the texts leads to. Swagger UI looks at the address only when the page loads, and lets
// links in texts open another tab.

export function followLinks(reference) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="#/"][target="_blank"]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    history.pushState(null, "", link.hash);
    open(reference, link.hash);
  });
  window.addEventListener("popstate", () => open(reference, location.hash));
}

function open({ layoutActions }, hash) {
  const [, tag, id] = hash.split("/").map(decodeURIComponent);
  if (!id) return;
  layoutActions.updateFilter("");
  layoutActions.show(["operations-tag", tag], true);
  layoutActions.show(["operations", tag, id], true);
  const place = `operations-${tag.replaceAll(" ", "_")}-${id}`;
  requestAnimationFrame(() => document.getElementById(place)?.scrollIntoView());
}
