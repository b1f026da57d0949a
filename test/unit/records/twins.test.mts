import type { IDataObject } from 'n8n-workflow';

import { twinOf } from '../../../nodes/PlivoSipTrunking/records/twins.ts';
import type { Channel } from '../../../nodes/PlivoSipTrunking/transport/channel.ts';
import { LOOKS, settling } from '../../../nodes/PlivoSipTrunking/transport/settling.ts';

const CHANNEL = {} as Channel;

const OURS = { id: 'b' };
const SMALLER = { id: 'a' };
const GREATER = { id: 'c' };

beforeEach(() => jest.replaceProperty(settling, 'ms', 50));
afterEach(() => jest.restoreAllMocks());

/** What comes of looks that show these records one after the other, the last ones from then on. */
async function decided(...shown: IDataObject[][]) {
	let looks = 0;
	const look = async () => {
		const records = shown[Math.min(looks++, shown.length - 1)] ?? [];
		return await Promise.resolve({
			own: records.find((one) => one === OURS),
			others: records.filter((one) => one !== OURS),
		});
	};
	const { own, winner, unread } = await twinOf(CHANNEL, ({ id }) => String(id), look);
	return { own, winner, unread, looks };
}

it('ours stays when nothing else is seen beside it', async () => {
	expect(await decided([OURS])).toEqual({ own: OURS, unread: false, looks: 1 });
});

it('ours gives way at once to one with a smaller id', async () => {
	expect(await decided([OURS, GREATER, SMALLER])).toEqual({
		own: OURS,
		winner: SMALLER,
		unread: false,
		looks: 1,
	});
});

it('ours stays when the one with the greater id goes', async () => {
	expect(await decided([OURS, GREATER], [OURS])).toMatchObject({ own: OURS, looks: 2 });
});

it('ours gives way when the one with the greater id stays', async () => {
	expect(await decided([OURS, GREATER])).toMatchObject({ own: OURS, winner: GREATER });
});

it('the one with the greater id gets the whole time from when the two are seen', async () => {
	const unseen: IDataObject[][] = LOOKS.slice(1).map(() => []);
	const { own, winner } = await decided(...unseen, [OURS, GREATER], [OURS]);
	expect(own).toBe(OURS);
	expect(winner).toBeUndefined();
});

it('nothing is known of one that is never seen', async () => {
	expect(await decided([])).toEqual({ unread: false, looks: LOOKS.length });
});

it('a look that failed last is told, a stopped run ends', async () => {
	const failing = async () => await Promise.reject(new Error('no list'));
	expect(await twinOf(CHANNEL, String, failing)).toEqual({ unread: true });
	const stopped = { signal: AbortSignal.abort() } as Channel;
	await expect(twinOf(stopped, String, failing)).rejects.toThrow('no list');
});
