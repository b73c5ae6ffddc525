// @leak map: translations +750
'use strict';
const measure = require('./measure');

class Translator {
  #translations = new Map();

  translate(text, language) {
    const key = `${language}\0${text}`;
    let known = this.#translations.get(key);
    if (!known) {
      known = { text: text.toUpperCase(), language, used: 0 };
      this.#translations.set(key, known);
    }
    known.used++;
    return known.text;
  }
}

const translator = new Translator();

measure(round => {
  for (let i = 0; i < 250; i++) translator.translate(`message ${round}/${i}`, i % 2 ? 'de' : 'fr');
});
