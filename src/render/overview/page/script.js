'use strict';
(function () {
  var table = document.getElementById('articles');
  var body = table.tBodies[0];
  var rows = Array.prototype.map.call(body.rows, function (row, place) {
    var cells = Array.prototype.slice.call(row.cells, 1);
    return {
      row: row,
      place: place,
      title: row.cells[0].textContent,
      strengths: cells.map(function (cell) { return Number(cell.dataset.s); }),
      text: null
    };
  });
  var words = document.getElementById('words');
  var which = document.getElementById('which');
  var least = document.getElementById('least');
  var count = document.getElementById('count');
  var open = document.getElementById('open');

  function strong(item, wanted) {
    var some = which.value === '' ? item.strengths : [item.strengths[Number(which.value)]];
    if (which.value === '' && wanted === 1) return true;
    return wanted === 0
      ? some.every(function (s) { return s === 0; })
      : some.some(function (s) { return s >= wanted; });
  }

  function fits(item, wanted) {
    if (wanted.length === 0) return true;
    if (item.text === null) item.text = item.row.textContent.toLowerCase();
    return wanted.every(function (word) { return item.text.includes(word); });
  }

  function filter() {
    var wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    var strength = Number(least.value);
    var seen = 0;
    rows.forEach(function (item) {
      var shown = strong(item, strength) && fits(item, wanted);
      item.row.hidden = !shown;
      if (shown) seen += 1;
    });
    count.textContent = seen;
  }

  function sort(head, by) {
    var rising = by === 'title' ? head.getAttribute('aria-sort') !== 'ascending' : head.getAttribute('aria-sort') === 'descending';
    Array.prototype.forEach.call(table.tHead.rows[0].cells, function (cell) { cell.removeAttribute('aria-sort'); });
    head.setAttribute('aria-sort', rising ? 'ascending' : 'descending');
    var way = rising ? 1 : -1;
    var compare = new Intl.Collator(document.documentElement.lang, { numeric: true }).compare;
    rows.sort(function (a, b) {
      var order = by === 'title' ? compare(a.title, b.title) : a.strengths[Number(by)] - b.strengths[Number(by)];
      return way * order || a.place - b.place;
    });
    var sorted = document.createDocumentFragment();
    rows.forEach(function (item) { sorted.appendChild(item.row); });
    body.appendChild(sorted);
  }

  Array.prototype.forEach.call(table.tHead.rows[0].cells, function (head) {
    var button = document.createElement('button');
    button.type = 'button';
    button.textContent = head.textContent;
    button.addEventListener('click', function () { sort(head, head.dataset.sort); });
    head.textContent = '';
    head.appendChild(button);
  });
  open.addEventListener('click', function () {
    var label = open.textContent;
    var opening = open.getAttribute('aria-pressed') !== 'true';
    Array.prototype.forEach.call(body.querySelectorAll('details'), function (cell) { cell.open = opening; });
    open.setAttribute('aria-pressed', String(opening));
    open.textContent = open.dataset.close;
    open.dataset.close = label;
  });
  var waiting = 0;
  words.addEventListener('input', function () {
    clearTimeout(waiting);
    waiting = setTimeout(filter, 120);
  });
  which.addEventListener('change', filter);
  least.addEventListener('change', filter);
  document.getElementById('tools').addEventListener('submit', function (event) { event.preventDefault(); filter(); });
  document.getElementById('tools').hidden = false;
}());
