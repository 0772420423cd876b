// The report's page: puts its charts into their places and wires schools, colours and the traces of votes.
(() => {
  const all = JSON.parse(document.getElementById("charts").textContent);
  window.twainPage = { data: all, errors: [] };
  window.addEventListener("error", (e) => window.twainPage.errors.push(e.message));
  twainView.page.empty = document.querySelector(".controls").dataset.empty;
  for (const [name, data] of Object.entries(all)) twainView.show(document.getElementById(name), data);
  document.querySelectorAll('input[name="school"]').forEach((box) => box.addEventListener("change", () => {
    if (box.checked) twainView.page.off.delete(box.value); else twainView.page.off.add(box.value);
    twainView.drawAll();
  }));
  const theme = document.getElementById("theme");
  theme.addEventListener("change", () => twainView.theme(theme.value));
  document.querySelector(".controls").addEventListener("submit", (e) => e.preventDefault());
  // the command that takes a vote apart, for the cell that was chosen
  document.querySelectorAll("button[data-trace]").forEach((button) => button.addEventListener("click", () => {
    const line = button.closest("details").querySelector(".trace");
    line.textContent = button.dataset.trace;
    line.hidden = false;
    getSelection()?.selectAllChildren(line);
  }));
  twainView.theme(theme.value);
})();
