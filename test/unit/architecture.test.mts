import { readFileSync } from 'node:fs';

import { PBXS } from '../../nodes/PlivoSipTrunking/knowledge/pbx/index.ts';
import { PLATFORMS } from '../../nodes/PlivoSipTrunking/knowledge/platforms/index.ts';
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

	it('of all but knowledge name no platform and no PBX in code: what differs is data', () => {
		const keys = [...Object.keys(PLATFORMS), ...Object.keys(PBXS)].filter((key) => key !== 'other');
		const literal = new RegExp(`['"\`](${keys.join('|')})['"\`]`);
		const naming = files().filter(
			(file) => !file.startsWith('knowledge/') && literal.test(sourceOf(file)),
		);
		expect(naming).toEqual([]);
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
