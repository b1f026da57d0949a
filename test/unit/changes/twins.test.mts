import { twinsOf } from '../../../nodes/PlivoSipTrunking/changes/ensure.ts';

const OURS = { id: 'b' };
const SMALLER = { id: 'a' };
const GREATER = { id: 'c' };

const { decide } = twinsOf(
	({ id }) => String(id),
	async () => await Promise.reject(new Error('decide reads nothing')),
);

const FIRST = { settled: false, spent: false };
const later = (waitingFor: string) => ({ look: 'later', waitingFor });

it.each<[string, Parameters<typeof decide>, ReturnType<typeof decide>]>([
	['before the first look', [undefined, FIRST], later('ours') as never],
	['ours alone', [{ own: OURS, others: [] }, FIRST], { done: { own: OURS } }],
	['ours not listed yet', [{ others: [SMALLER] }, FIRST], later('ours') as never],
	['ours never listed', [{ others: [] }, { ...FIRST, settled: true }], { done: {} }],
	[
		'a smaller id: ours goes at once',
		[{ own: OURS, others: [GREATER, SMALLER] }, FIRST],
		{ done: { own: OURS, winner: SMALLER } },
	],
	[
		'a greater id: it has the whole time to go, also where the time for ours is over',
		[
			{ own: OURS, others: [GREATER] },
			{ ...FIRST, settled: true, waitingFor: 'ours' },
		],
		later('the other') as never,
	],
	[
		'a greater id that went',
		[
			{ own: OURS, others: [] },
			{ ...FIRST, waitingFor: 'the other' },
		],
		{ done: { own: OURS } },
	],
	[
		'a greater id that stays: ours goes',
		[
			{ own: OURS, others: [GREATER] },
			{ ...FIRST, settled: true, waitingFor: 'the other' },
		],
		{ done: { own: OURS, winner: GREATER } },
	],
])('%s', (_what, [seen, history], expected) => {
	expect(decide(seen, history)).toEqual(expected);
});
