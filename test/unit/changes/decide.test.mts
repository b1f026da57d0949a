import type { IDataObject } from 'n8n-workflow';

import { creating } from '../../../nodes/PlivoSipTrunking/changes/create.ts';
import { deletion } from '../../../nodes/PlivoSipTrunking/changes/remove.ts';
import { routing } from '../../../nodes/PlivoSipTrunking/changes/route.ts';
import type { Decision, History } from '../../../nodes/PlivoSipTrunking/changes/settle.ts';
import { updating } from '../../../nodes/PlivoSipTrunking/changes/update.ts';
import { PlivoFailure } from '../../../nodes/PlivoSipTrunking/failure.ts';
import { CREDENTIAL } from '../../../nodes/PlivoSipTrunking/records/credential.ts';
import { ORIGINATION_URI } from '../../../nodes/PlivoSipTrunking/records/originationUri.ts';
import { TRUNK, type Trunk } from '../../../nodes/PlivoSipTrunking/records/trunk.ts';
import type { Channel } from '../../../nodes/PlivoSipTrunking/transport/channel.ts';

/** What each kind of write decides, for what was seen and what its attempts brought: tables, without any request. */

const failureOf = (httpCode: number, message = 'No') =>
	new PlivoFailure('refused', message, '', { httpCode, fromPlivo: true });

const OPEN = { firstAt: 1, since: 1 };
const NOTHING = { settled: false, spent: false };

/** How a history is called in the tables. */
const HISTORIES = {
	nothing: NOTHING,
	'put off': { ...NOTHING, failure: failureOf(429) },
	answered: { ...NOTHING, answer: { uri_uuid: 'new', credential_uuid: 'new', trunk_id: '9' } },
	'in doubt': { ...NOTHING, failure: failureOf(500), open: OPEN },
	'in doubt, settled': { settled: true, spent: false, failure: failureOf(500), open: OPEN },
	refused: { ...NOTHING, spent: true, failure: failureOf(400) },
	gone: { ...NOTHING, spent: true, failure: failureOf(404) },
	'in doubt, gone': { ...NOTHING, spent: true, failure: failureOf(404), open: OPEN },
	taken: { ...NOTHING, spent: true, failure: failureOf(409, 'already exists') },
	'taken, settled': { settled: true, spent: true, failure: failureOf(409, 'already exists') },
} satisfies Record<string, History<never>>;

/** A decision in a word. */
function inAWord<R>(decision: Decision<R>): string {
	if ('look' in decision) return `look ${decision.look}`;
	if ('refuse' in decision) return `refuse: ${decision.refuse.message}`;
	return 'send' in decision ? 'send' : 'done';
}

type Row<Seen> = [
	history: keyof typeof HISTORIES,
	what: string,
	seen: Seen | undefined,
	is: string,
];

function decides<Seen, Result>(
	decide: (seen: Seen | undefined, history: History<Seen>) => Decision<Result>,
	before: Seen | undefined,
	rows: ReadonlyArray<Row<Seen>>,
) {
	it.each(rows)('%s, %s', (history, _what, seen, expected) => {
		expect(inAWord(decide(seen, { ...HISTORIES[history], before }))).toBe(expected);
	});
}

describe('a deletion', () => {
	const objection = { failure: failureOf(0, 'in use'), overridden: ['It was in use.'] };
	const free = { isGone: false, objections: [] };
	const used = { isGone: false, objections: [objection] };
	const gone = { isGone: true, objections: [] };
	const of = (force: boolean) =>
		deletion(TRUNK, '1', {
			force,
			guard: async () => await Promise.resolve([]),
			subject: 'trunk 1',
			verb: 'deleted',
			maybe: '',
		}).decide;
	decides(of(false), free, [
		['nothing', 'not looked yet', undefined, 'look now'],
		['nothing', 'free', free, 'send'],
		['nothing', 'used', used, 'refuse: in use'],
		['put off', 'free', free, 'send'],
		['answered', 'not looked again', undefined, 'done'],
		['in doubt', 'not looked again', undefined, 'look now'],
		['in doubt', 'still there', free, 'send'],
		['in doubt', 'used meanwhile', used, 'refuse: in use'],
		['in doubt', 'gone', gone, 'done'],
		['refused', 'not looked again', undefined, 'refuse: No'],
		['gone', 'not looked again', undefined, 'refuse: No'],
		['in doubt, gone', 'not looked again', undefined, 'done'],
	]);
	describe('by force', () => {
		decides(of(true), used, [
			['nothing', 'used', used, 'send'],
			['in doubt', 'used', used, 'send'],
		]);
		it('says what it has overridden', () => {
			const decision = of(true)(undefined, { ...HISTORIES.answered, before: used });
			expect(decision).toEqual({ done: { warnings: ['It was in use.'] } });
		});
	});
});

describe('an update', () => {
	const record = {
		trunk_id: '9',
		name: 'Acme',
		trunk_direction: 'inbound',
		trunk_status: 'enabled',
	};
	const before = { record };
	const seen = (fields: IDataObject) => ({ record: { ...record, ...fields } });
	const { decide } = updating(TRUNK, '9', { changesOf: () => ({ trunk_status: 'disabled' }) });
	const status = 'refuse: Somebody has just changed \'Status\' of the inbound trunk "Acme" (9)';
	decides<{ record?: Trunk; objection?: PlivoFailure }, unknown>(decide, before, [
		['nothing', 'as it was', before, 'send'],
		['nothing', 'with an objection', { ...before, objection: failureOf(0, 'No') }, 'refuse: No'],
		['answered', 'not read back', undefined, 'look now'],
		['answered', 'read back', seen({ trunk_status: 'disabled' }), 'done'],
		['in doubt', 'not looked again', undefined, 'look now'],
		['in doubt', 'as it was', before, 'send'],
		['in doubt', 'as it is to be', seen({ trunk_status: 'disabled' }), 'done'],
		['in doubt', 'changed by somebody else', seen({ trunk_status: 'paused' }), status],
		['in doubt', 'changed elsewhere', seen({ name: 'Bolt' }), 'send'],
		['in doubt', 'gone', {}, 'refuse: The trunk 9 is gone'],
		['refused', 'not looked again', undefined, 'refuse: No'],
	]);

	it('of a password is sent again, since it cannot be seen', () => {
		const password = updating(CREDENTIAL, 'c', { changesOf: () => ({ password: 'new#1' }) });
		const now = { record: { credential_uuid: 'c', username: 'acme' } };
		const decision = password.decide(now, { ...HISTORIES['in doubt'], before: now });
		expect(inAWord(decision)).toBe('send');
	});

	it('that changes nothing sends nothing', () => {
		const none = updating(TRUNK, '9', { changesOf: () => ({}) });
		expect(none.decide(before, { ...NOTHING, before })).toEqual({
			done: { record, changed: false, warnings: [] },
		});
	});
});

const CHANNEL = { accountUrl: 'https://api.plivo.com/v1/Account/MA1', owner: {} } as Channel;

describe('a route', () => {
	const at = (id: string) => ({
		number: { number: '14155550100', application: `/v1/Account/MA1/Application/${id}/` },
	});
	const target = { kind: 'application', id: '2' } as const;
	const { decide } = routing(CHANNEL, { number: '14155550100', target });
	const elsewhere = 'refuse: Phone number 14155550100 is routed to application 3 now';
	decides(decide, at('1'), [
		['nothing', 'as it was', at('1'), 'send'],
		['nothing', 'there already', at('2'), 'done'],
		['answered', 'not looked again', undefined, 'done'],
		['in doubt', 'as it was', at('1'), 'send'],
		['in doubt', 'there', at('2'), 'done'],
		['in doubt', 'routed elsewhere meanwhile', at('3'), elsewhere],
		['in doubt', 'gone', {}, 'refuse: Phone number 14155550100 is not on the account any more'],
		['refused', 'not looked again', undefined, 'refuse: No'],
	]);
	describe('that is cleared', () => {
		const none = { number: { number: '14155550100', application: null } };
		decides(routing(CHANNEL, { number: '14155550100' }).decide, at('1'), [
			['nothing', 'as it was', at('1'), 'send'],
			['nothing', 'without one already', none, 'done'],
			['answered', 'not looked again', undefined, 'look now'],
			['answered', 'still routed', at('1'), 'done'],
			['in doubt', 'still routed', at('1'), 'send'],
			['in doubt', 'without one', none, 'done'],
			['in doubt', 'routed elsewhere meanwhile', at('3'), elsewhere],
			['refused', 'not looked again', undefined, 'look now'],
			['refused', 'still routed', at('1'), 'done'],
		]);
	});
});

describe('a creation', () => {
	const fields = { name: 'Acme', uri: 'pbx.acme.com' };
	const found = { ...fields, uri_uuid: 'u' };
	const seen = (part: object) => ({ fresh: [], unclear: [], alike: new Set<string>(), ...part });
	const doubt = (ids: string) =>
		`refuse: Plivo gave no answer to the request for the origination URI "Acme", and it is unclear whether ${ids} its result`;
	const inTheWay = 'refuse: There is already an origination URI "Acme" (u)';

	decides(creating(CHANNEL, { kind: ORIGINATION_URI, fields }).decide, undefined, [
		['nothing', 'not looked yet', undefined, 'send'],
		['put off', 'not looked yet', undefined, 'send'],
		['answered', 'not looked', undefined, 'done'],
		['in doubt', 'not looked again', undefined, 'look last'],
		['in doubt', 'one that fits, while another may come', seen({ fresh: [found] }), 'look last'],
		['in doubt', 'none yet', seen({}), 'look last'],
		['in doubt', 'one of unclear age', seen({ unclear: [found] }), 'look last'],
		['in doubt, settled', 'none', seen({}), 'send'],
		['in doubt, settled', 'one that fits', seen({ fresh: [found] }), 'done'],
		['in doubt, settled', 'one of unclear age', seen({ unclear: [found] }), doubt('u is')],
		[
			'in doubt, settled',
			'two',
			seen({ fresh: [found, { ...found, uri_uuid: 'v' }] }),
			doubt('u, v include'),
		],
		['refused', 'not looked', undefined, 'refuse: No'],
		['taken', 'not looked', undefined, 'look now'],
		['taken', 'what is in the way', seen({ inTheWay: found }), inTheWay],
		['taken', 'nothing is in the way', seen({}), 'refuse: already exists'],
	]);

	describe('of what was just seen to be absent', () => {
		const creation = { kind: ORIGINATION_URI, fields, wasAbsent: true };
		decides(creating(CHANNEL, creation).decide, undefined, [
			['nothing', 'not looked yet', undefined, 'send'],
			['taken', 'what is in the way', seen({ inTheWay: found }), 'done'],
			['taken', 'nothing yet', seen({}), 'look later'],
			['taken, settled', 'nothing', seen({}), 'refuse: already exists'],
		]);
	});

	describe('with a password', () => {
		const credential = { name: 'Acme', username: 'acme', password: 'pass#1' };
		const { decide } = creating(CHANNEL, { kind: CREDENTIAL, fields: credential });
		decides(decide, undefined, [['nothing', 'not looked yet', undefined, 'look now']]);
		decides(decide, seen({}), [['nothing', 'looked', seen({}), 'send']]);
	});
});
