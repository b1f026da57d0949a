import { readFileSync } from 'node:fs';

import { files, roomOf, rooms, roomsImportedBy, sourceOf } from '../rooms/imports.mts';
import { picture, PICTURE } from '../rooms/picture.mts';

describe('the rooms', () => {
	it('are those of the page', () => {
		const found = [...new Set(files().map(roomOf))];
		expect(found.sort()).toEqual(
			rooms()
				.map(({ name }) => name)
				.sort(),
		);
	});

	it('import only from those below', () => {
		const order = rooms().map(({ name }) => name);
		const upwards = files().flatMap((file) =>
			roomsImportedBy(file)
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
					sourceOf(file),
				),
			);
		expect(state).toEqual([]);
	});

	it('are drawn as they are: if not, run npm run draw', () => {
		expect(readFileSync(PICTURE, 'utf8')).toBe(picture());
	});
});
