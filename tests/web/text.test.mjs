import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load, plain } from './pure.mjs';

const m = load('markdown', 'links');

const finding = { title: 'Map `x` got <b>more</b>', verdict: 'leak map 89 % sure', place: 'src/a`b.js:5', amount: '+1.4 MB',
	share: 'Share 53.0 %', facts: [['Holder', 'Map [click](javascript:alert(1))']], pro: ['it grew'], contra: ['# not sure'],
	advice: 'Bound it.', path: ['(root) @1', '.a|b Map @5'], report: '' };

test('a finding becomes a ticket', () => {
	const text = m.findingMarkdown(finding);
	assert.match(text, /^### Map \\`x\\` got \\<b\\>more\\<\/b\\>\n/);
	assert.match(text, /``src\/a`b\.js:5``/);
	assert.match(text, /- Holder: Map \\\[click\\\]\(javascript:alert\(1\)\)/);
	assert.match(text, /- against: \\# not sure/);
	assert.match(text, /Path: `\(root\) @1` › `\.a\|b Map @5`/);
	assert.ok(!/\n\n\n/.test(text));
});

test('a name in backticks cannot leave them', () => {
	assert.equal(m.markdownCode('a```b'), '````a```b````');
	assert.equal(m.markdownCode('`'), '`` ` ``');
	assert.equal(m.markdownCode('two\nlines'), '`two lines`');
	assert.equal(m.markdownCode(''), '');
});

test('the address says what to show', () => {
	assert.deepEqual(plain(m.readHash('#finding-2')), { search: '', node: '', id: 'finding-2' });
	assert.deepEqual(plain(m.readHash('#search=a%20b')), { search: 'a b', node: '', id: '' });
	assert.deepEqual(plain(m.readHash('#node=@123')), { search: '', node: '@123', id: '' });
	assert.deepEqual(plain(m.readHash('#node=123')), { search: '', node: '@123', id: '' });
	assert.deepEqual(plain(m.readHash('#node=javascript:1')), { search: '', node: '', id: '' });
	assert.deepEqual(plain(m.readHash('#search=%')), { search: '%', node: '', id: '' });
	for (const [hash, row] of [['#zoom=2', 2], ['#zoom=3', 0], ['#zoom=-1', 0], ['#zoom=1.5', 0], ['#zoom=x', 0], ['#', 0]])
		assert.equal(m.hashZoom(m.hashParts(hash), 3), row, hash);
	assert.equal(m.readHash(m.searchHash('größe & <x>')).search, 'größe & <x>');
});
