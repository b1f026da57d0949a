/** docs/images/rooms.svg: which room imports from which, drawn from the source. */
import { files, type Room, roomOf, rooms, roomsImportedBy } from './imports.mts';

export const PICTURE = 'docs/images/rooms.svg';

const BOX = { x: 16, width: 330, height: 44, gap: 14 };
const TOP = 16;
/** Each room's line runs down at a place of its own, right of the boxes. */
const LANE = { first: 40, step: 32 };
const GRAY = '#8c959f';
const COLORS = ['#0b5394', '#a64d00', '#38761d', '#741b47', '#134f5c', '#7f6000', '#990000'];

const EDGE = BOX.x + BOX.width;
const laneOf = (place: number) => EDGE + LANE.first + place * LANE.step;
const topOf = (place: number) => TOP + place * (BOX.height + BOX.gap);
const colorOf = (place: number) => COLORS[place % COLORS.length];

const text = (words: string) =>
	words.replaceAll('`', '').replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** From which rooms each imports, by places in the table. */
function importsBetween(all: readonly Room[]): number[][] {
	const places = new Map(all.map(({ name }, place) => [name, place]));
	const imported = all.map(() => new Set<number>());
	for (const file of files()) {
		const from = places.get(roomOf(file)) ?? -1;
		for (const name of roomsImportedBy(file)) {
			const to = places.get(name) ?? -1;
			if (to !== from) imported[from]?.add(to);
		}
	}
	return imported.map((targets) => [...targets]);
}

/**
 * The picture as SVG: the rooms as in the table, the highest first. A line leaves each on its right and runs down;
 * a dot is where it enters the line of a room that it imports from.
 */
export function picture(): string {
	const all = rooms();
	const imported = importsBetween(all);
	const entry = (place: number) => topOf(place) + BOX.height - 12;
	const exit = (place: number) => topOf(place) + 12;

	const boxes = all.map(({ name, holds }, place) =>
		[
			`<rect x="${BOX.x}" y="${topOf(place)}" width="${BOX.width}" height="${BOX.height}" rx="6" fill="#f6f8fa" stroke="${colorOf(place)}"/>`,
			`<text x="${BOX.x + 12}" y="${topOf(place) + 18}" font-weight="bold" fill="${colorOf(place)}">${text(name)}</text>`,
			`<text x="${BOX.x + 12}" y="${topOf(place) + 35}" font-size="12" fill="#424a53">${text(holds)}</text>`,
		].join('\n'),
	);
	const entries = all.flatMap((_, place) => {
		const from = imported.flatMap((targets, source) => (targets.includes(place) ? [source] : []));
		if (from.length === 0) return [];
		return `<path d="M${laneOf(Math.max(...from))} ${entry(place)} H${EDGE + 2}" marker-end="url(#arrow)" stroke="${GRAY}"/>`;
	});
	const exits = imported.flatMap((targets, place) => {
		if (targets.length === 0) return [];
		const color = colorOf(place);
		return [
			`<path d="M${EDGE} ${exit(place)} H${laneOf(place)} V${entry(Math.max(...targets))}" stroke="${color}" stroke-width="1.5"/>`,
			...targets
				.sort((one, other) => one - other)
				.map(
					(target) => `<circle cx="${laneOf(place)}" cy="${entry(target)}" r="4" fill="${color}"/>`,
				),
		];
	});

	const width = laneOf(all.length - 1);
	const height = topOf(all.length) - BOX.gap + TOP;
	return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="Helvetica, Arial, sans-serif" font-size="14" fill="none" role="img" aria-labelledby="title">
<title id="title">The rooms of the nodes, the highest first, and from which rooms below it each imports</title>
<defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0 L8 4 L0 8 z" fill="${GRAY}"/></marker></defs>
<rect width="${width}" height="${height}" fill="#ffffff"/>
${[...entries, ...exits, ...boxes].join('\n')}
</svg>
`;
}
