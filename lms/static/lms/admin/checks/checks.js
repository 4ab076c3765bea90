/* A link of a check opens the tab in which its field stands, opens what is folded, and goes to the field. */
(function () {
  "use strict";

  function place(link) {
    var block = link.dataset.lmsBlock;
    var field = '[data-contentpath="' + CSS.escape(link.dataset.lmsCheck) + '"]';
    return (
      (block && document.querySelector('[data-contentpath="' + CSS.escape(block) + '"]')) ||
      document.querySelector(field) ||
      document.querySelector('[name="' + CSS.escape(link.dataset.lmsCheck) + '"]')
    );
  }

  function unfold(element) {
    var panel = element.closest("[data-panel]");
    while (panel) {
      var toggle = panel.querySelector(":scope > .w-panel__header [data-panel-toggle]");
      if (toggle && toggle.getAttribute("aria-expanded") === "false") {
        toggle.click();
      }
      panel = panel.parentElement.closest("[data-panel]");
    }
  }

  document.addEventListener("click", function (event) {
    var link = event.target.closest("[data-lms-check]");
    var target = link && place(link);
    if (!target) {
      return;
    }
    event.preventDefault();
    var tab = target.closest("[role=tabpanel]");
    if (tab && tab.hidden) {
      document.getElementById(tab.getAttribute("aria-labelledby")).click();
    }
    unfold(target);
    target.scrollIntoView({ block: "center" });
    var input = target.matches("input, select, textarea, button")
      ? target
      : target.querySelector("input:not([type=hidden]), select, textarea, [contenteditable=true], button");
    if (input) {
      input.focus({ preventScroll: true });
    }
  });
})();
