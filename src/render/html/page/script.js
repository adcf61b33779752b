'use strict';
(function () {
  var lines = Array.prototype.slice.call(document.querySelectorAll('.line'));

  function sentences(line) {
    return Array.prototype.map.call(line.querySelectorAll('.r'), function (link) { return link.hash.slice(1); });
  }

  function clear() {
    document.querySelectorAll('.on, .also').forEach(function (one) { one.classList.remove('on', 'also'); });
    document.querySelectorAll('mark').forEach(function (piece) {
      var text = piece.closest('.t');
      if (text) text.textContent = text.textContent;
    });
  }

  function pieces(line) {
    var found = {};
    (line.dataset.parts || '').split(' ').filter(Boolean).forEach(function (piece) {
      var numbers = piece.split(/[:-]/).map(Number);
      (found[numbers[0]] = found[numbers[0]] || []).push(numbers.slice(1));
    });
    return found;
  }

  function mark(id, ranges) {
    var text = document.querySelector('#s' + id + ' .t');
    if (!text) return;
    var whole = text.textContent;
    var at = 0;
    text.textContent = '';
    ranges.sort(function (a, b) { return a[0] - b[0]; }).forEach(function (range) {
      if (range[0] < at) return;
      var piece = document.createElement('mark');
      piece.textContent = whole.slice(range[0], range[1]);
      text.append(whole.slice(at, range[0]), piece);
      at = range[1];
    });
    text.append(whole.slice(at));
  }

  // A line is chosen by a receipt in it or by a link to it, a sentence by its number.
  function choose(id, from) {
    var chosen = document.getElementById(id);
    clear();
    if (!chosen) return;
    var line = from || (chosen.classList.contains('line') ? chosen : null);
    chosen.classList.add('on');
    if (line) {
      line.classList.add('on');
      sentences(line).forEach(function (id) {
        var sentence = document.getElementById(id);
        if (sentence) sentence.classList.add('also');
      });
      var found = pieces(line);
      Object.keys(found).forEach(function (id) { mark(id, found[id]); });
    } else {
      lines.forEach(function (line) {
        if (sentences(line).indexOf(id) >= 0) line.classList.add('also');
      });
    }
  }

  var clicked = '';
  document.addEventListener('click', function (event) {
    var link = event.target.closest('a[href^="#"]');
    if (!link) return;
    clicked = link.hash;
    choose(link.hash.slice(1), link.closest('.line'));
  });
  // A click has chosen already; what is left are the ways back and forth, and Escape.
  window.addEventListener('hashchange', function () {
    if (location.hash !== clicked) choose(location.hash.slice(1), null);
    clicked = '';
  });
  document.addEventListener('keydown', function (event) {
    if (event.key === 'Escape') location.hash = '-';
  });
  if (location.hash) choose(location.hash.slice(1), null);
}());
