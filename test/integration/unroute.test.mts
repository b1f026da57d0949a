import { withAmounts } from '../../nodes/PlivoSipTrunking/records/amounts.ts';
import type { Simulator, Variants } from '../../simulator/simulator.mts';
import {
	closeAccounts,
	newAccount,
	outputOf,
	run,
	start,
	wordsOf,
	writesOf,
} from '../support/account.mts';

afterEach(closeAccounts);

const NUMBER = '14155550101';

/** A number of the account that is routed to a trunk, or to an application. */
async function routed(
	variants: Partial<Variants>,
	to: 'trunk' | 'application' = 'trunk',
): Promise<{ account: Simulator; application: string; id: string }> {
	const account = await newAccount({ variants });
	const id = String(
		to === 'trunk'
			? account.addTrunk({
					trunk_direction: 'inbound',
					primary_uri_uuid: account.addUri().uri_uuid,
				}).trunk_id
			: account.addApplication().app_id,
	);
	const path = to === 'trunk' ? 'Zentrunk/Trunk' : 'Application';
	const application = `/v1/Account/${account.authId}/${path}/${id}/`;
	account.addNumber({ number: NUMBER, application });
	return { account, application, id };
}

const unroute = (account: Simulator, options = {}) =>
	run(account, 'phoneNumber', 'unroute', { phoneNumber: `+${NUMBER}`, options });

const isRouted = (account: Simulator) => account.state.numbers.get(NUMBER)?.application !== null;

describe.each(['trunk', 'application'] as const)('a number on a %s', (to) => {
	it('is routed nowhere afterwards, where Plivo clears a route', async () => {
		const { account, application } = await routed({ clear: 'clears' }, to);
		const output = outputOf(await unroute(account));
		expect(output).toMatchObject({
			number: NUMBER,
			application: null,
			previous_application: application,
			unrouted: true,
		});
		expect(output).not.toHaveProperty('warnings');
		expect(account.requests.map(({ method, body }) => [method, body])).toEqual([
			['GET', undefined],
			['POST', { app_id: '' }],
			['GET', undefined],
		]);
	});

	it.each([
		['refused', 'Plivo refuses to clear a route'],
		// Plivo answers 202 "changed", and the number says otherwise.
		['ignored', 'Plivo did not clear the route'],
	] as const)('stays where it is, and says so, where Plivo %s it', async (clear, why) => {
		const { account, application, id } = await routed({ clear }, to);
		const output = outputOf(await unroute(account));
		expect(output).toMatchObject({
			number: NUMBER,
			application,
			previous_application: application,
			unrouted: false,
		});
		const [warning] = output.warnings as string[];
		expect(warning).toContain(`${NUMBER} is still routed to ${to} ${id}, since ${why}`);
		expect(warning).toContain('its calls go there');
		expect(warning).toContain('Route it to an application instead');
		expect(isRouted(account)).toBe(true);
	});
});

it.each(['clears', 'refused', 'ignored'] as const)(
	'a number on a trunk that is gone is tried all the same (%s)',
	async (clear) => {
		const { account } = await routed({ clear, detach: 'dead' });
		account.state.trunks.clear();
		const output = outputOf(await unroute(account));
		expect(output.unrouted).toBe(clear === 'clears');
		expect(isRouted(account)).toBe(clear !== 'clears');
	},
);

it('a number that is routed nowhere is left alone', async () => {
	const account = await newAccount();
	account.addNumber({ number: NUMBER });
	expect(outputOf(await unroute(account))).toMatchObject({
		application: null,
		previous_application: null,
		unrouted: true,
	});
	expect(writesOf(account)).toEqual([]);
});

it('tells what the number goes to where clearing it makes that something else', async () => {
	const { account } = await routed({ clear: 'ignored' });
	account.onRequest(({ method }) => {
		const number = account.state.numbers.get(NUMBER);
		if (method === 'POST' && number) {
			number.application = `/v1/Account/${account.authId}/Application/77/`;
		}
	});
	const output = outputOf(await unroute(account));
	expect(output).toMatchObject({ unrouted: false, application: expect.stringMatching(/\/77\/$/) });
	expect(output.warnings).toEqual([expect.stringContaining('routed to application 77')]);
});

describe('what goes wrong on the way', () => {
	it('a lost answer: what the number says counts', async () => {
		const { account } = await routed({ clear: 'clears' });
		account.faults.add({ method: 'POST', times: 9, faults: [{ kind: 'resetAfter' }] });
		expect(outputOf(await unroute(account, { maxRetries: 0 }))).toMatchObject({
			application: null,
			unrouted: true,
		});
	});

	it('no answer and no change is no "false": it may still be carried out', async () => {
		const { account } = await routed({ clear: 'clears' });
		account.faults.add({ method: 'POST', times: 9, faults: [{ kind: 'status', status: 503 }] });
		const words = wordsOf(await unroute(account, { maxRetries: 0 }));
		expect(words).toContain('Plivo is not available at the moment');
	});

	it('a refused token is an error, not a word about routes', async () => {
		const { account } = await routed({ clear: 'clears' });
		account.faults.add({ method: 'POST', faults: [{ kind: 'status', status: 403 }] });
		expect(wordsOf(await unroute(account))).toContain('Plivo does not allow this for the account');
		expect(isRouted(account)).toBe(true);
	});

	it('a number that is not on the account', async () => {
		const account = await newAccount();
		const words = wordsOf(await unroute(account));
		expect(words).toContain(`Plivo has no phone number ${NUMBER}`);
		expect(words).toContain('Include the country code');
		expect(writesOf(account)).toEqual([]);
	});

	it('no number at all', async () => {
		const account = await newAccount();
		const phoneNumber = '={{ $json.none }}';
		const words = wordsOf(await run(account, 'phoneNumber', 'unroute', { phoneNumber }));
		expect(words).toContain("'Phone Number' is empty");
		expect(account.requests).toEqual([]);
	});
});

it('holds the number: a routing of the same moment comes before or after, never between', async () => {
	const { account, application, id } = await routed({ clear: 'clears' });
	account.options.latencyMs = 20;
	const cleared = start(account, 'phoneNumber', 'unroute', { phoneNumber: NUMBER });
	const back = start(account, 'phoneNumber', 'routeToTrunk', { phoneNumber: NUMBER, trunkId: id });
	const [first, second] = await Promise.all([cleared.result, back.result]);
	const [one, other] = [outputOf(first), outputOf(second)];
	expect(one).toMatchObject({ unrouted: true, application: null });
	expect(other.application).toBe(application);
	// Whichever was the second has seen what the first had left.
	expect([one.previous_application, other.previous_application]).toContain(application);
	const last = account.state.numbers.get(NUMBER)?.application;
	expect(last).toBe(other.previous_application === null ? application : null);
});

describe('update', () => {
	const update = (account: Simulator, updateFields: Record<string, unknown>) =>
		run(account, 'phoneNumber', 'update', {
			phoneNumber: NUMBER,
			updateFields: updateFields as never,
		});

	it('changes the alias and the subaccount, and nothing else', async () => {
		const { account, application } = await routed({});
		const output = outputOf(await update(account, { alias: ' Front desk ', subaccount: 'SA123' }));
		expect(output).toMatchObject({
			number: NUMBER,
			alias: 'Front desk',
			sub_account: 'SA123',
			application,
		});
		expect(account.requests.find(({ method }) => method === 'POST')?.body).toEqual({
			alias: 'Front desk',
			subaccount: 'SA123',
		});
		expect(withAmounts(account.state.numbers.get(NUMBER) ?? {})).toMatchObject(output);
	});

	it.each([
		[{}, "'Update Fields' is empty"],
		[{ alias: '' }, "'Alias' is empty"],
		[{ subaccount: 'a/b' }, "'Subaccount' is not an ID"],
	])('refuses %j', async (fields, message) => {
		const { account } = await routed({});
		expect(wordsOf(await update(account, fields))).toContain(message);
		expect(account.requests).toEqual([]);
	});
});
