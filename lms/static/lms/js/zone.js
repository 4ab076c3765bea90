// Chooses the visitor's own time zone in the form. Without this file the organiser's is chosen, and anybody can change it.
(() => {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const select = document.querySelector("select[data-zone]");
  if (!own || !select) return;
  const now = new Date();
  const wall = (zone) => now.toLocaleString("sv", { timeZone: zone });
  const options = [...select.options];
  const same = options.find((each) => each.value === own) || options.find((each) => wall(each.value) === wall(own));
  if (same && select.closest("form").querySelector(".errors")) return;
  if (same) select.value = same.value;
  else select.add(new Option(own.split("/").pop().replace(/_/g, " "), own, true, true));
})();
