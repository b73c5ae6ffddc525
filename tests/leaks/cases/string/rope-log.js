// @leak string: transcript|chat
'use strict';
const measure = require('./measure');

const chat = { transcript: '', turns: 0 };

function say(who, text) {
  chat.transcript += who + ': ' + text + '\n';
  chat.turns++;
}

measure(round => {
  for (let i = 0; i < 250; i++) say(i % 2 ? 'agent' : 'caller', `sentence number ${i} of round ${round}`);
});
