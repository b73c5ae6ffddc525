// @leak listener: themechange applyTheme +180
'use strict';
const measure = require('./measure');

const theme = new EventTarget();

function mount(panel) {
  function applyTheme(event) { // LEAK HERE
    panel.dark = event.type === 'themechange';
  }
  theme.addEventListener('themechange', applyTheme);
}

measure(round => {
  for (let i = 0; i < 60; i++) mount({ id: round * 60 + i, dark: false, title: 'Panel ' + i });
  theme.dispatchEvent(new Event('themechange'));
});
