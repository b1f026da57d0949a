import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

const HOUSE = 'nodes/PlivoSipTrunking';

/** The rooms of docs/architecture.md, the highest first. */
const rooms = () => {
	const page = readFileSync('docs/architecture.md', 'utf8');
	const table = page.slice(page.indexOf('<!-- rooms -->'), page.indexOf('<!-- end of rooms -->'));
	return [...table.matchAll(/^\| `([^`]+)`/gm)].map(([, room]) => room.replace(/\/$/, ''));
};

const files = () =>
	readdirSync(HOUSE, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

const roomOf = (file: string) =>
	file.includes('/') ? file.split('/')[0] : file.endsWith('.node.ts') ? '*.node.ts' : file;

const importsOf = (file: string) =>
	[...readFileSync(join(HOUSE, file), 'utf8').matchAll(/from '(\.[^']+)'/g)].map(([, path]) =>
		normalize(join(dirname(file), path)),
	);

describe('the rooms', () => {
	it('are those of the page', () => {
		const found = [...new Set(files().map(roomOf))];
		expect(found.sort()).toEqual(rooms().sort());
	});

	it('import only from those below', () => {
		const order = rooms();
		const upwards = files().flatMap((file) =>
			importsOf(file)
				.map((path) => path.split('/')[0])
				.map((room) => (order.includes(room) ? room : `${room}.ts`))
				.filter(
					(room) => room !== roomOf(file) && order.indexOf(room) <= order.indexOf(roomOf(file)),
				)
				.map((room) => `${file} → ${room}`),
		);
		expect(upwards).toEqual([]);
	});

	it('keep state only where it has an owner', () => {
		const owners = /^(records\/accountState|run\/|transport\/)/;
		const state = files()
			.filter((file) => !owners.test(file))
			.filter((file) =>
				/^(export )?(let |const \w+( *:[^=]+)? = new (Weak)?(Map|Set)\b[^(]*\(\))/m.test(
					readFileSync(join(HOUSE, file), 'utf8'),
				),
			);
		expect(state).toEqual([]);
	});
});
