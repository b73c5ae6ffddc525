// The difference of two profiles as pprof writes it, with values below zero: node negative_pprof.mjs > FILE.pb. No boxes can show it.
const varint = (v) => {
	const out = [];
	for (let n = BigInt.asUintN(64, BigInt(v)); ; n >>= 7n) {
		out.push(Number(n & 127n) | (n > 127n ? 128 : 0));
		if (n <= 127n)
			return out;
	}
};
const number = (field, v) => [...varint(field << 3), ...varint(v)];
const bytes = (field, b) => [...varint(field << 3 | 2), ...varint(b.length), ...b];
const strings = ['', 'cpu', 'nanoseconds', 'main', 'slower', 'faster', 'src/app.js'];
const FUNCTIONS = [3, 4, 5];
const sample = (stack, value) => bytes(2, [...bytes(1, stack), ...bytes(2, varint(value))]);

process.stdout.write(Buffer.from([
	...bytes(1, [...number(1, 1), ...number(2, 2)]),
	...sample([2, 1], 30000000), ...sample([3, 1], -20000000),
	...FUNCTIONS.flatMap((name, i) => [
		...bytes(4, [...number(1, i + 1), ...bytes(4, [...number(1, i + 1), ...number(2, 10 + i)])]),
		...bytes(5, [...number(1, i + 1), ...number(2, name), ...number(4, 6)]),
	]),
	...strings.flatMap((s) => bytes(6, Buffer.from(s))),
]));
