'use strict';
/* A finding as Markdown, for a ticket. Names come out of the program that was looked at: they are quoted, never markup. */

/** Text that means itself. @param {string} s */
function markdownText(s) {
	return s.replace(/\s+/g, ' ').trim().replace(/[\\`*_{}[\]<>#|~!&]/g, '\\$&').replace(/^([-+]|\d+[.)])/, '\\$1');
}

/** In backticks, more of them than the text has in a row. @param {string} s */
function markdownCode(s) {
	const text = s.replace(/\s+/g, ' ').trim();
	const longest = (text.match(/`+/g) ?? []).reduce((n, run) => Math.max(n, run.length), 0);
	const fence = '`'.repeat(longest + 1);
	const gap = /^`|`$/.test(text) ? ' ' : '';
	return text ? `${fence}${gap}${text}${gap}${fence}` : '';
}

/**
 * @param {{title: string, verdict: string, text: string, place: string, amount: string, share: string, facts: [string, string][],
 *   pro: string[], contra: string[], advice: string, path: string[], report: string}} f
 */
function findingMarkdown(f) {
	const lines = [`### ${markdownText(f.title)}`, ''];
	const head = [f.verdict && `**${markdownText(f.verdict)}**`, f.amount && markdownText(f.amount),
		f.share && markdownText(f.share), f.place && markdownCode(f.place)].filter(Boolean);
	lines.push(head.join(' · '), '', markdownText(f.text), '');
	for (const [name, value] of f.facts)
		lines.push(`- ${markdownText(name)}: ${markdownText(value)}`);
	for (const reason of f.pro)
		lines.push(`- for: ${markdownText(reason)}`);
	for (const reason of f.contra)
		lines.push(`- against: ${markdownText(reason)}`);
	if (f.path.length)
		lines.push('', `Path: ${f.path.map(markdownCode).join(' › ')}`);
	if (f.advice)
		lines.push('', `What to do: ${markdownText(f.advice)}`);
	if (f.report)
		lines.push('', markdownText(f.report));
	return `${lines.join('\n').replace(/\n{3,}/g, '\n\n')}\n`;
}
