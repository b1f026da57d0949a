import { LONG } from '../support/lane.mts';
import { expectPromisesKept } from './manyHistories.mts';

it('keeps every promise in a thousand histories', async () => {
	await expectPromisesKept(LONG ? 2_001 : 1);
}, 300_000);
