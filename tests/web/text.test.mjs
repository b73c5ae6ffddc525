import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load, plain } from './pure.mjs';

const m = load('markdown', 'links');

const finding = { title: 'Map `x` got <b>more</b>', verdict: 'leak map 89 % sure', place: 'src/a`b.js:5', amount: '+1.4 MB',
	share: 'Share 53.0 %', facts: [['Holder', 'Map [click](javascript:alert(1))']], pro: ['it grew'], contra: ['# not sure'],
	text: 'It *grew*.', advice: 'Bound it.', path: ['(root) @1', '.a|b Map @5'], report: '' };

test('a finding becomes a ticket', () => {
	const text = m.findingMarkdown(finding);
	assert.match(text, /^### Map \\`x\\` got \\<b\\>more\\<\/b\\>\n/);
	assert.match(text, /``src\/a`b\.js:5``/);
	assert.match(text, /- Holder: Map \\\[click\\\]\(javascript:alert\(1\)\)/);
	assert.match(text, /\n\nIt \\\*grew\\\*\.\n\n/);
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
	const parts = (hash) => Object.fromEntries(m.hashParts(hash));
	assert.deepEqual(parts('#finding-2'), { '': 'finding-2' });
	assert.deepEqual(parts('#search=a%20b'), { search: 'a b' });
	assert.deepEqual(parts('#view=time&zoom=3&search=%'), { view: 'time', zoom: '3', search: '%' });
	for (const [hash, node] of [['#node=@123', '@123'], ['#node=123', '@123'], ['#node=javascript:1', ''], ['#search=x', ''], ['', '']])
		assert.equal(m.nodeOf(m.hashParts(hash)), node, hash);
	for (const [hash, row] of [['#zoom=2', 2], ['#zoom=3', 0], ['#zoom=-1', 0], ['#zoom=1.5', 0], ['#zoom=x', 0], ['#', 0]])
		assert.equal(m.hashZoom(m.hashParts(hash), 3), row, hash);
	assert.equal(parts(m.searchHash('größe & <x>')).search, 'größe & <x>');
});
