import { LONG } from '../support/lane.mts';
import { expectPromisesKept } from './manyHistories.mts';

it('keeps every promise in a thousand histories', async () => {
	await expectPromisesKept(LONG ? 3_001 : 1_001);
}, 300_000);
