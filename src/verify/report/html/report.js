'use strict';
(() => {
  const filters = document.getElementById('filters');
  if (!filters) return;
  const find = document.getElementById('find');
  const left = document.getElementById('left');
  const chips = [...filters.querySelectorAll('.chip')];
  const rows = [...document.querySelectorAll('#found .rows > li')].map(row =>
    ({ row, checks: row.dataset.checks.split(' '), text: row.textContent.toLowerCase() }));
  const show = () => {
    const wanted = chips.filter(chip => chip.getAttribute('aria-pressed') === 'true').map(chip => chip.dataset.check);
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const { row, checks, text } of rows) {
      const fits = (!wanted.length || wanted.some(check => checks.includes(check))) &&
        words.every(word => text.includes(word));
      row.hidden = !fits;
      shown += fits;
    }
    const all = wanted.length === 0 && words.length === 0;
    left.textContent = all ? '' : `${shown.toLocaleString('en')} of ${rows.length.toLocaleString('en')} shown`;
  };
  find.addEventListener('input', show);
  for (const chip of chips) {
    chip.addEventListener('click', () => {
      chip.setAttribute('aria-pressed', chip.getAttribute('aria-pressed') !== 'true');
      show();
    });
  }
  filters.hidden = false;
})();
