/* While points are typed, the sum below them follows. Without this file it says what was saved. */
(function () {
  "use strict";

  var box = document.querySelector("[data-lms-sum]");
  var form = box && box.closest("form");
  if (!form) {
    return;
  }
  var fields = Array.from(form.querySelectorAll('input[name^="points-"]'));
  var words = new Intl.NumberFormat(document.documentElement.lang || undefined, { maximumFractionDigits: 2 });

  function counted(field) {
    // What the server would refuse counts nothing, as it does there.
    return field.validity.valid && field.value !== "" ? field.valueAsNumber : 0;
  }

  function follow() {
    var given = fields.reduce(function (sum, field) {
      return sum + Math.round(counted(field) * 100);
    }, 0);
    var total = given + Math.round(Number(box.dataset.elsewhere) * 100);
    var passes = total >= Number(box.dataset.needed) * 100;
    box.querySelector("output").textContent = words.format(given / 100);
    box.querySelector("[data-lms-total]").textContent = words.format(total / 100);
    box.querySelector("[data-lms-passes]").hidden = !passes;
    box.querySelector("[data-lms-fails]").hidden = passes;
  }

  form.addEventListener("input", follow);
  follow();
})();
