/* A search in the table of facts, and the address of the chart that other pages may show. */
(() => {
  "use strict";
  const start = () => {
    const form = document.getElementById("search-facts");
    if (form) {
      const rows = [...form.closest("section").querySelectorAll("tbody tr")];
      form.hidden = false;
      form.addEventListener("submit", (event) => event.preventDefault());
      form.addEventListener("input", (event) => {
        const wanted = event.target.value.trim().toLowerCase();
        for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
      });
    }
    const snippet = document.querySelector("#embed textarea");
    if (snippet && location.protocol.startsWith("http")) {
      snippet.value = snippet.value.replace(/src="([^"]*)"/, (_, place) => `src="${new URL(place, location.href.split("#")[0])}"`);
    }
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
})();
