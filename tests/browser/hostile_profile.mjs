// A CPU profile whose names are out to get the reader: node hostile_profile.mjs > hostile.cpuprofile
const names = ['</script><script>alert(1)</script>', '<img src=x onerror=alert(2)>', '"\' onmouseover=alert(3)', '\u202egnp.exe\u202c',
	'שלום עולם', '👩‍👩‍👧‍👦 family', 'tab\tand\nline', '\u0007\u001b[31mred', '${alert(4)}', '__proto__', 'constructor', '', 'x'.repeat(5000),
	'\ud800 half', 'a;b;c', '&lt;b&gt;'];
const urls = ['javascript:alert(5)', 'data:text/html,<script>alert(6)</script>', 'https://host.example/"><img src=x>?a=b#c', 'file:///srv/a b%2f..js',
	'/srv/<svg onload=alert(7)>/x.js', 'node:fs', '', 'file:///srv/node_modules/@scope/<b>/index.js', 'JaVaScRiPt:alert(8)//https://'];
const nodes = [{ id: 1, callFrame: { functionName: '(root)', scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 }, hitCount: 0,
	children: [] }];
const samples = [], timeDeltas = [];
let at = 0;
for (let i = 0; i < 120; i++) {
	if (i % 7 === 0)
		at = 0;
	nodes.push({ id: nodes.length + 1, callFrame: { functionName: names[i % names.length], scriptId: String(i), url: urls[i % urls.length],
		lineNumber: i % 5 ? i : -1, columnNumber: 3 }, hitCount: 1, children: [] });
	nodes[at].children.push(nodes.length);
	at = nodes.length - 1;
	samples.push(nodes.length);
	timeDeltas.push(1000 + i);
}
process.stdout.write(JSON.stringify({ nodes, startTime: 0, endTime: 200000, samples, timeDeltas }));
