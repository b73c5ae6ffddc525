// Loads the functions of web/assets/ that need no page, as the page does: one script after the other, all global.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';

const assets = join(dirname(fileURLToPath(import.meta.url)), '../../web/assets');

/** The globals of these files. What they return are objects of another realm: compare plain() ones. */
export function load(...names) {
	const context = createContext({ atob, console });
	for (const name of names)
		runInContext(readFileSync(join(assets, `${name}.js`), 'utf8'), context, { filename: `${name}.js` });
	return context;
}

export const plain = (value) => JSON.parse(JSON.stringify(value));
