import type { IDataObject } from 'n8n-workflow';

import { PlivoFailure } from '../../../nodes/PlivoSipTrunking/failure.ts';
import {
	type Desired,
	type DesiredRoute,
	type Existing,
	digestOf,
	isUpToDate,
	planFor,
	plannedOutput,
	requireSamePlan,
	summaryOf,
} from '../../../nodes/PlivoSipTrunking/provisioning/plan.ts';
import { CREDENTIAL } from '../../../nodes/PlivoSipTrunking/records/credential.ts';
import { ORIGINATION_URI } from '../../../nodes/PlivoSipTrunking/records/originationUri.ts';
import { TRUNK } from '../../../nodes/PlivoSipTrunking/records/trunk.ts';

const SCOPE = { operation: 'provisionInbound', accountUrl: 'https://api.plivo.com/v1/Account/MA1' };

const uri: Desired = {
	key: 'primary URI',
	kind: ORIGINATION_URI,
	names: ['Acme'],
	fields: { uri: 'pbx.example.com;transport=tcp' },
};
const inboundTrunk: Desired = {
	key: 'inbound trunk',
	kind: TRUNK,
	names: ['Acme inbound', 'Acme'],
	fields: { trunk_direction: 'inbound', primary_uri_uuid: { ref: 'primary URI' } },
};
const login = { username: 'acmepbx', password: 'Chosen#By4Us' };
const credential = (given: boolean, usernameGiven = true): Desired => ({
	key: 'credential',
	kind: CREDENTIAL,
	names: ['Acme'],
	fields: {},
	login: { fields: login, given, usernameGiven },
});
const outboundTrunk: Desired = {
	key: 'outbound trunk',
	kind: TRUNK,
	names: ['Acme outbound', 'Acme'],
	fields: { trunk_direction: 'outbound', credential_uuid: { ref: 'credential' } },
};

const URI = { uri_uuid: 'u1', name: 'Acme', uri: 'pbx.example.com;transport=tcp' };
const INBOUND = {
	trunk_id: '21784100000000001',
	name: 'Acme inbound',
	trunk_direction: 'inbound',
	primary_uri_uuid: 'u1',
};
const CRED = { credential_uuid: 'c1', name: 'Acme', username: 'acmepbx' };
const OUTBOUND = {
	trunk_id: '21784100000000002',
	name: 'Acme outbound',
	trunk_direction: 'outbound',
	credential_uuid: 'c1',
};
const OTHER = { trunk_id: '21784100000000009', name: 'Bolt outbound' };
const ROUTE = { ref: 'inbound trunk' };

const is = (record: IDataObject, rest: Partial<Existing> = {}): Existing => ({
	record,
	users: [],
	...rest,
});

const number = (digits: string, application: string | null): DesiredRoute => ({
	number: { number: digits, application },
	to: ROUTE,
});
const onApplication = '/v1/Account/MA1/Application/123/';
const onTrunk = '/v1/Account/MA1/Zentrunk/Trunk/21784100000000001/';

interface Row {
	what: string;
	desired: Desired[];
	existing?: Record<string, Existing>;
	routes?: DesiredRoute[];
	summaries: string[];
	upToDate?: boolean;
}

const ROWS: Row[] = [
	{
		what: 'nothing is there: all is made, what refers to another after it, numbers last',
		desired: [uri, inboundTrunk],
		routes: [number('14155550101', onApplication)],
		summaries: [
			'create origination URI "Acme"',
			'create inbound trunk "Acme inbound"',
			'route +14155550101 from application 123 to the inbound trunk',
		],
	},
	{
		what: 'all is there',
		desired: [uri, inboundTrunk],
		existing: { 'primary URI': is(URI, { users: [INBOUND] }), 'inbound trunk': is(INBOUND) },
		routes: [number('14155550101', onTrunk)],
		summaries: [
			'use the origination URI "Acme" as it is',
			'use the inbound trunk "Acme inbound" as it is',
			'leave +14155550101 where it is',
		],
		upToDate: true,
	},
	{
		what: 'the trunk is named just as the customer: that is no difference',
		desired: [uri, inboundTrunk],
		existing: {
			'primary URI': is(URI),
			'inbound trunk': is({ ...INBOUND, name: 'Acme' }),
		},
		summaries: ['use the origination URI "Acme" as it is', 'use the inbound trunk "Acme" as it is'],
		upToDate: true,
	},
	{
		what: 'another address, used by this trunk alone',
		desired: [uri, inboundTrunk],
		existing: {
			'primary URI': is({ ...URI, uri: 'old.example.com' }, { users: [INBOUND] }),
			'inbound trunk': is(INBOUND),
		},
		summaries: [
			'change URI of the origination URI "Acme"',
			'use the inbound trunk "Acme inbound" as it is',
		],
	},
	{
		what: 'the trunk refers to another URI',
		desired: [uri, inboundTrunk],
		existing: {
			'primary URI': is(URI),
			'inbound trunk': is({ ...INBOUND, primary_uri_uuid: 'u2' }),
		},
		summaries: [
			'use the origination URI "Acme" as it is',
			'change Primary URI of the inbound trunk "Acme inbound"',
		],
	},
	{
		what: 'a number without a route comes after those that can be put back',
		desired: [uri, inboundTrunk],
		existing: { 'primary URI': is(URI), 'inbound trunk': is(INBOUND) },
		routes: [number('14155550101', null), number('14155550102', onApplication)],
		summaries: [
			'use the origination URI "Acme" as it is',
			'use the inbound trunk "Acme inbound" as it is',
			'route +14155550102 from application 123 to the inbound trunk',
			'route +14155550101 from nowhere to the inbound trunk',
		],
	},
	{
		what: 'a half-made credential that no trunk uses gets a new password first',
		desired: [credential(false), outboundTrunk],
		existing: { credential: is(CRED) },
		summaries: [
			'set a new password for the SIP credential "Acme"',
			'create outbound trunk "Acme outbound"',
		],
	},
	{
		what: 'a credential in use keeps its password',
		desired: [credential(false), outboundTrunk],
		existing: { credential: is(CRED, { users: [OUTBOUND] }), 'outbound trunk': is(OUTBOUND) },
		summaries: [
			'use the SIP credential "Acme" as it is',
			'use the outbound trunk "Acme outbound" as it is',
		],
		upToDate: true,
	},
	{
		what: 'a username that is not given is kept as well',
		desired: [credential(false, false), outboundTrunk],
		existing: {
			credential: is({ ...CRED, username: 'other' }, { users: [OUTBOUND] }),
			'outbound trunk': is(OUTBOUND),
		},
		summaries: [
			'use the SIP credential "Acme" as it is',
			'use the outbound trunk "Acme outbound" as it is',
		],
		upToDate: true,
	},
	{
		what: 'a given password in use is set when all else has gone well',
		desired: [credential(true), outboundTrunk],
		existing: {
			credential: is(CRED, { users: [OUTBOUND] }),
			'outbound trunk': is({ ...OUTBOUND, credential_uuid: 'c2' }),
		},
		summaries: [
			'change SIP Credential of the outbound trunk "Acme outbound"',
			'set the login of the SIP credential "Acme"',
		],
	},
	{
		what: 'a credential of another customer that needs no change',
		desired: [credential(false), outboundTrunk],
		existing: { credential: is(CRED, { users: [OTHER] }) },
		summaries: ['use the SIP credential "Acme" as it is', 'create outbound trunk "Acme outbound"'],
	},
];

const planOf = ({ desired, existing = {}, routes = [] }: Omit<Row, 'what' | 'summaries'>) =>
	planFor(desired, new Map(Object.entries(existing)), routes);

describe('what has to be done', () => {
	it.each(ROWS)('$what', ({ summaries, upToDate = false, ...row }) => {
		const plan = planOf(row);
		expect(plan.steps.map(summaryOf)).toEqual(summaries);
		expect(isUpToDate(plan)).toBe(upToDate);
		// Pure: the same again.
		expect(planOf(row)).toEqual(plan);
	});

	it.each<[string, Omit<Row, 'what' | 'summaries'>]>([
		[
			'a given password',
			{ desired: [credential(true)], existing: { credential: is(CRED, { users: [OTHER] }) } },
		],
		[
			'another username',
			{
				desired: [credential(false)],
				existing: { credential: is({ ...CRED, username: 'theirs' }, { users: [OTHER] }) },
			},
		],
		[
			'another address',
			{
				desired: [uri],
				existing: { 'primary URI': is({ ...URI, uri: 'old.example.com' }, { users: [OTHER] }) },
			},
		],
	])('%s for a record that another customer’s trunk uses is refused', (_what, row) => {
		expect(() => planOf(row)).toThrow(PlivoFailure);
		expect(() => planOf(row)).toThrow(
			'is used by trunk "Bolt outbound" (21784100000000009), so it was not changed',
		);
	});

	it('two other trunks that use a record are named as two', () => {
		const users = [OTHER, { ...OTHER, trunk_id: '21784100000000010', name: 'Cog outbound' }];
		const existing = { credential: is({ ...CRED, username: 'theirs' }, { users }) };
		expect(() => planOf({ desired: [credential(false)], existing })).toThrow(
			'is used by trunks "Bolt outbound" (21784100000000009), "Cog outbound" (21784100000000010), so it',
		);
	});

	it('what can’t be undone says why, everything else can', () => {
		const plan = planOf({
			desired: [uri, inboundTrunk, credential(false)],
			existing: { credential: is(CRED) },
			routes: [number('14155550101', null), number('14155550102', onApplication)],
		});
		expect(plan.steps.map(({ cannotUndo }) => cannotUndo)).toEqual([
			undefined,
			undefined,
			'The old password can’t be set again, since Plivo never shows it.',
			undefined,
			'Phone number 14155550101 was routed nowhere before, and Plivo may offer no way to clear a route.',
		]);
	});
});

describe('a digest', () => {
	const row = ROWS[3]!;
	const plan = planOf(row);
	const digest = digestOf(plan, SCOPE);

	const refusal = (of: typeof plan, given: string, scope = SCOPE) => {
		try {
			requireSamePlan(of, scope, given);
			return undefined;
		} catch (failure) {
			return failure as PlivoFailure;
		}
	};

	it('is accepted for its own plan alone', () => {
		expect(refusal(plan, digest)).toBeUndefined();
		expect(refusal(planOf(ROWS[1]!), digest)).toMatchObject({
			kind: 'conflict',
			message:
				'The plan is no longer the one that was approved (now: use the origination URI "Acme" as it is; leave +14155550101 where it is; 1 step no longer as planned)',
		});
	});

	it('tells apart values before and after, and the order', () => {
		const other = planOf({
			...row,
			existing: { ...row.existing, 'primary URI': is({ ...URI, uri: 'older.example.com' }) },
		});
		expect(digestOf(other, SCOPE)).not.toBe(digest);
		expect(refusal({ ...plan, steps: [...plan.steps].reverse() }, digest)?.message).toContain(
			'the order of the steps',
		);
	});

	it('does not change with a generated password, and holds none', () => {
		const of = (password: string) =>
			planOf({
				desired: [
					{
						...credential(false),
						login: {
							fields: { ...login, password },
							given: false,
							usernameGiven: true,
						},
					},
				],
			});
		expect(digestOf(of('one_1'), SCOPE)).toBe(digestOf(of('two_2'), SCOPE));
		expect(JSON.stringify(plannedOutput(of('one_1'), SCOPE))).not.toContain('one_1');
	});

	it.each<[string, (given: string) => string]>([
		['cut', (given) => given.slice(0, -1)],
		['extended', (given) => `${given}-0`],
		['with a step less', (given) => given.replace(/\.[^-]+/, '')],
		['of another operation by hand', (given) => given.replace('Inbound', 'Outbound')],
		['empty parts', () => '---'],
	])('%s is told to be edited', (_what, edit) => {
		expect(refusal(plan, edit(digest))).toMatchObject({
			kind: 'input',
			message: "'Plan Digest' was not made by this node, or it was changed along the way",
		});
	});

	it('of another operation or account is told so', () => {
		expect(refusal(plan, digest, { ...SCOPE, operation: 'provisionOutbound' })?.message).toBe(
			"'Plan Digest' belongs to the operation provisionInbound, not to provisionOutbound",
		);
		expect(
			refusal(plan, digest, { ...SCOPE, accountUrl: 'https://x/v1/Account/MA2' })?.message,
		).toBe("'Plan Digest' belongs to another Plivo account");
	});
});
