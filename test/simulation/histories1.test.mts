import { expectPromisesKept } from './manyHistories.mts';

it('keeps every promise in a thousand histories', async () => {
	await expectPromisesKept(1);
}, 300_000);
