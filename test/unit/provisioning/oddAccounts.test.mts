import type { IDataObject } from 'n8n-workflow';

import { PlivoFailure } from '../../../nodes/PlivoSipTrunking/failure.ts';
import {
	deprovision,
	provisionInbound,
} from '../../../nodes/PlivoSipTrunking/provisioning/index.ts';
import { settling } from '../../../nodes/PlivoSipTrunking/transport/settling.ts';
import { createPlivo, type Plivo, type Variants } from '../../../simulator/plivo.mts';
import { randomFrom } from '../../../simulator/random.mts';
import { runOn, stateOf } from './memory.mts';

/** Accounts that were set up by hand, or came apart. */

beforeEach(() => void jest.replaceProperty(settling, 'ms', 5));
afterEach(() => void jest.restoreAllMocks());

const NUMBER = '14155550101';
const GONE = '21784100000000999';

const account = (variants: Partial<Variants> = {}) =>
	createPlivo({ random: randomFrom(7), variants });

const onTrunk = ({ authId }: Plivo, id: unknown) =>
	`/v1/Account/${authId}/Zentrunk/Trunk/${String(id)}/`;

const inbound = async (plivo: Plivo, parameters: IDataObject, options: IDataObject = {}) =>
	await runOn(plivo, () =>
		provisionInbound({
			name: 'Acme',
			primaryUri: 'pbx.example.com',
			fallbackUri: '',
			phoneNumbers: NUMBER,
			...parameters,
			options,
		}),
	);

const failureOf = async (work: Promise<unknown>) =>
	await work.then(
		() => {
			throw new Error('It has not failed');
		},
		(failure: unknown) => {
			if (failure instanceof PlivoFailure) return `${failure.message} ${failure.description}`;
			throw failure;
		},
	);

describe('a number that is routed to a trunk that is gone', () => {
	it('goes last, and can’t be routed back', async () => {
		const plivo = account();
		plivo.add('numbers', { number: NUMBER, application: onTrunk(plivo, GONE) });
		plivo.add('applications', { app_id: '42' });
		plivo.add('numbers', {
			number: '14155550102',
			application: `/v1/Account/${plivo.authId}/Application/42/`,
		});
		const plan = await inbound(
			plivo,
			{ phoneNumbers: `${NUMBER}, 14155550102` },
			{ planOnly: true },
		);
		expect((plan.what_would_be_done as IDataObject[]).slice(2)).toMatchObject([
			{ id: '14155550102', can_be_undone: true },
			{
				id: NUMBER,
				summary: `route +${NUMBER} from trunk ${GONE} to the inbound trunk`,
				why_not: `Phone number ${NUMBER} was routed to trunk ${GONE}, which is gone, and Plivo may offer no way to clear a route.`,
			},
		]);
	});

	it('has no route again when a later step fails, and nothing is left', async () => {
		const plivo = account({ clear: 'clears' });
		for (const number of [NUMBER, '14155550102']) {
			plivo.add('numbers', { number, application: onTrunk(plivo, GONE) });
		}
		plivo.faults.add({
			method: 'POST',
			path: '/Number/14155550102/',
			times: 1,
			faults: [{ kind: 'status', status: 400 }],
		});
		const words = await failureOf(inbound(plivo, { phoneNumbers: `${NUMBER}, 14155550102` }));
		expect(words).toContain(`Undone: the route of phone number ${NUMBER}, inbound trunk`);
		expect(words).not.toContain('Left: ');
		expect(plivo.state.trunks.size + plivo.state.uris.size).toBe(0);
		expect(plivo.state.numbers.get(NUMBER)!.application ?? null).toBeNull();
	});
});

describe('a trunk whose primary and fallback URI are one', () => {
	const made = () => {
		const plivo = account();
		const { uri_uuid: uri } = plivo.add('uris', { name: 'Main PBX', uri: 'pbx.example.com' });
		const { trunk_id: trunk } = plivo.add('trunks', {
			name: 'Acme',
			trunk_direction: 'inbound',
			primary_uri_uuid: uri,
			fallback_uri_uuid: uri,
		});
		plivo.add('numbers', { number: NUMBER, application: onTrunk(plivo, trunk) });
		return { plivo, trunk: String(trunk) };
	};

	it('is up to date with what it has', async () => {
		const { plivo } = made();
		expect(
			await inbound(plivo, { fallbackUri: 'pbx.example.com' }, { planOnly: true }),
		).toMatchObject({ up_to_date: true });
	});

	it('gets another primary one, and the fallback stays', async () => {
		const { plivo } = made();
		const wanted = { primaryUri: 'new.example.com', fallbackUri: 'pbx.example.com' };
		await inbound(plivo, wanted, { moveRoutedNumbers: true });
		const [trunk] = plivo.state.trunks.values();
		const uriOf = (id: unknown) => plivo.state.uris.get(String(id))?.uri;
		expect(uriOf(trunk!.primary_uri_uuid)).toBe('new.example.com');
		expect(uriOf(trunk!.fallback_uri_uuid)).toBe('pbx.example.com');
		expect(await inbound(plivo, wanted, { planOnly: true })).toMatchObject({ up_to_date: true });
	});

	it('is taken down with its URI, once', async () => {
		const { plivo, trunk } = made();
		const output = await runOn(plivo, () =>
			deprovision({ trunkId: trunk, options: { force: true } }),
		);
		expect(
			(output.what_was_done as IDataObject[]).map(
				({ action, kind }) => `${String(action)} ${String(kind)}`,
			),
		).toEqual(['deleted trunk', 'deleted origination URI']);
		expect(plivo.state.trunks.size + plivo.state.uris.size).toBe(0);
	});
});

it.each(['Cafe\u0301 inbound', ' Caf\u00e9\u00a0 inbound\u200b', 'Caf\u00e9'])(
	'a trunk that was named %j is the customer’s',
	async (name) => {
		const plivo = account();
		const { uri_uuid: uri } = plivo.add('uris', { name: 'Cafe\u0301', uri: 'pbx.example.com' });
		const { trunk_id: trunk } = plivo.add('trunks', {
			name,
			trunk_direction: 'inbound',
			primary_uri_uuid: uri,
		});
		plivo.add('numbers', { number: NUMBER, application: onTrunk(plivo, trunk) });
		const before = stateOf(plivo);
		const plan = await inbound(plivo, { name: 'Caf\u00e9' }, { planOnly: true });
		expect(plan).toMatchObject({ up_to_date: true });
		await inbound(plivo, { name: 'Cafe\u0301' }, { planDigest: plan.plan_digest });
		expect(stateOf(plivo)).toEqual(before);
	},
);

it.each([false, true])(
	'two trunks of one name are both left alone, and named (plan only: %j)',
	async (planOnly) => {
		const plivo = account({ names: 'none' });
		plivo.add('numbers', { number: NUMBER });
		const { uri_uuid: uri } = plivo.add('uris', { name: 'Old' });
		const ids = ['Acme inbound', 'Acme\u200b  inbound'].map(
			(name) =>
				plivo.add('trunks', { name, trunk_direction: 'inbound', primary_uri_uuid: uri }).trunk_id,
		);
		const before = stateOf(plivo);
		const words = await failureOf(inbound(plivo, {}, { planOnly }));
		for (const id of ids) expect(words).toContain(id);
		expect(stateOf(plivo)).toEqual(before);
	},
);

it('a trunk whose parts are gone is taken down all the same', async () => {
	const plivo = account();
	const { uri_uuid: uri } = plivo.add('uris', { name: 'Acme' });
	const { trunk_id: trunk } = plivo.add('trunks', {
		name: 'Acme inbound',
		trunk_direction: 'inbound',
		primary_uri_uuid: uri,
	});
	plivo.state.uris.clear();
	const options = { planOnly: true };
	const take = async (more: IDataObject) =>
		await runOn(plivo, () => deprovision({ trunkId: String(trunk), options: more }));
	const { plan_digest: planDigest } = await take(options);
	expect(await take({ planDigest })).toMatchObject({ deleted: true, kept: [] });
	expect(await take({})).toMatchObject({ deleted: true, already_gone: true });
});

it('a take-down that fails half-way says what is left, and can be run again', async () => {
	const plivo = account();
	plivo.add('applications', { app_id: '42' });
	const { uri_uuid: uri } = plivo.add('uris', { name: 'Acme' });
	const { uri_uuid: fallback } = plivo.add('uris', { name: 'Acme fallback' });
	const { trunk_id: trunk } = plivo.add('trunks', {
		name: 'Acme inbound',
		trunk_direction: 'inbound',
		primary_uri_uuid: uri,
		fallback_uri_uuid: fallback,
	});
	for (const number of [NUMBER, '14155550102']) {
		plivo.add('numbers', { number, application: onTrunk(plivo, trunk) });
	}
	const before = stateOf(plivo);
	const options = { rerouteToApplicationId: '42' };
	const take = async () =>
		await runOn(plivo, () => deprovision({ trunkId: String(trunk), options }));
	for (const [method, path] of [
		['POST', '/Number/14155550102/'],
		['DELETE', `/Zentrunk/Trunk/${String(trunk)}/`],
	]) {
		plivo.faults.add({ method, path, times: 1, faults: [{ kind: 'status', status: 400 }] });
		expect(await failureOf(take())).toMatch(/Undone: .*the route of phone number 14155550101/);
		plivo.faults.clear();
		expect(stateOf(plivo)).toEqual(before);
	}
	// The trunk goes, its URI stays: that is named, with its ID.
	plivo.faults.add({
		method: 'DELETE',
		path: `/Zentrunk/URI/${String(uri)}/`,
		faults: [{ kind: 'status', status: 400 }],
	});
	const words = await failureOf(take());
	expect(words).toContain('was deleted, but not everything that belonged to it');
	// So is what went with it.
	expect(words).toContain(`Also deleted: origination URI "Acme fallback" (${String(fallback)}).`);
	plivo.faults.clear();
	expect(await take()).toMatchObject({ deleted: true, already_gone: true });
	expect([...plivo.state.numbers.values()].map(({ application }) => application)).toEqual([
		`/v1/Account/${plivo.authId}/Application/42/`,
		`/v1/Account/${plivo.authId}/Application/42/`,
	]);
});
