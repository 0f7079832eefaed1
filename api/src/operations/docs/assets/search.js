// A search over everything that names an operation. Swagger UI's own looks at the names of the groups only.

export const Search = ({ React }) => ({
  fn: { opsFilter: matching },
  components: { FilterContainer: field(React) },
});

/// What has all of the words in its method, path, names, description or tasks, in any order.
function matching(groups, phrase) {
  const words = phrase.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (entry) => {
    const operation = entry.get("operation");
    const names = ["operationId", "summary", "x-words"].map((name) => operation.get(name));
    const text = [entry.get("method"), entry.get("path"), ...names, ...operation.get("tags")].join(" ").toLowerCase();
    return words.every((word) => text.includes(word));
  };
  return groups
    .map((group) => group.update("operations", (operations) => operations.filter(fits)))
    .filter((group) => group.get("operations").size > 0);
}

function field(React) {
  return ({ layoutSelectors, layoutActions }) => {
    const phrase = layoutSelectors.currentFilter();
    return React.createElement(
      "search",
      { className: "latchkey-search" },
      React.createElement("input", {
        type: "search",
        "aria-label": "Search the operations",
        placeholder: "Search: lost phone, PUT roles, QR code …",
        value: typeof phrase === "string" ? phrase : "",
        onChange: (event) => layoutActions.updateFilter(event.target.value),
      }),
    );
  };
}
