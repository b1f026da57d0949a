import { outputOf, run, trunkPath, wordsOf, writesOf } from '../../support/account.mts';
import { accountWithNumbers, provision, provisioned, useAccounts } from './helper.mts';

useAccounts();

const NUMBER = '14155550101';
const PARAMETERS = {
	name: 'Acme',
	primaryUri: 'pbx.example.com;transport=tcp',
	phoneNumbers: NUMBER,
};

/** What this account can neither look at nor route back to. */
const ELSEWHERE = [
	'/v1/Account/MASIMULATOR000000000/phlo/5c9f1f9e/',
	'https://answer.example.com/',
	// A subaccount's trunk: this account's 404 doesn't say that it is gone.
	'/v1/Account/SASIMULATOR000000000/Zentrunk/Trunk/21784100000000999/',
];

async function accountWith(application: string) {
	const account = await accountWithNumbers({ clear: 'clears' });
	const number = account.state.numbers.get(NUMBER)!;
	number.application = application;
	return { account, number };
}

describe.each(ELSEWHERE)('a number whose calls go to %s', (application) => {
	it('is not taken from there by a provisioning', async () => {
		const { account, number } = await accountWith(application);
		for (const planOnly of [true, false]) {
			const words = wordsOf(
				await provision(account, 'provisionInbound', { ...PARAMETERS, options: { planOnly } }),
			);
			expect(words).toContain(
				`Phone number ${NUMBER} is routed to ${application}, which would lose its calls`,
			);
			expect(words).toContain('Move Routed Numbers');
		}
		expect(writesOf(account)).toEqual([]);
		expect(number.application).toBe(application);
	});

	it('is moved where that is wanted, and told as such', async () => {
		const { account } = await accountWith(application);
		const output = await provisioned(account, 'provisionInbound', {
			...PARAMETERS,
			options: { moveRoutedNumbers: true },
		});
		expect(output.warnings).toEqual([`Phone number ${NUMBER} was taken from ${application}.`]);
		expect(output.numbers).toEqual([{ number: NUMBER, previous_application: application }]);
	});

	it('is not released', async () => {
		const { account } = await accountWith(application);
		const release = async (options = {}) =>
			await run(account, 'phoneNumber', 'release', { phoneNumber: NUMBER, options });
		expect(wordsOf(await release())).toContain(
			`its calls go to ${application}, which may be a trunk`,
		);
		expect(account.state.numbers.has(NUMBER)).toBe(true);
		expect(outputOf(await release({ force: true })).warnings).toEqual([
			`The calls of phone number ${NUMBER} went to ${application}.`,
		]);
	});
});

it.each(ELSEWHERE)(
	'%s is said not to be shown, where its readiness is checked',
	async (application) => {
		const { account } = await accountWith(application);
		const output = await provisioned(account, 'checkReadiness', { phoneNumber: NUMBER });
		expect(output).toMatchObject({ ready: false, phone_number: NUMBER });
		expect(output).not.toHaveProperty('trunk_id');
		const words = JSON.stringify(output.checks);
		expect(words).toContain(
			`The calls of the number ${NUMBER} go to ${application}, where this account cannot look.`,
		);
		expect(words).not.toContain('does not exist');
	},
);

it.each(ELSEWHERE)(
	'that %s can’t be routed back is said in the plan, and where a later step fails',
	async (application) => {
		const { account, number } = await accountWith(application);
		const parameters = { ...PARAMETERS, phoneNumbers: `${NUMBER}, 14155550102` };
		const options = { moveRoutedNumbers: true };
		const plan = await provisioned(account, 'provisionInbound', {
			...parameters,
			options: { ...options, planOnly: true },
		});
		expect(plan.what_would_be_done).toEqual(
			expect.arrayContaining([
				expect.objectContaining({
					id: NUMBER,
					can_be_undone: false,
					summary: expect.stringMatching(/^route \+\d+ from .+ to the inbound trunk$/),
					why_not: `Phone number ${NUMBER} was routed to ${application} before, and only the Plivo console can route it back.`,
				}),
			]),
		);
		// Two of them: the second one fails.
		account.state.numbers.get('14155550102')!.application = application;
		account.faults.add({
			method: 'POST',
			path: '/Number/14155550102/',
			times: 1,
			faults: [{ kind: 'status', status: 400 }],
		});
		const words = wordsOf(await provision(account, 'provisionInbound', { ...parameters, options }));
		expect(words).toContain(
			`Left: the route of phone number ${NUMBER}: it went to ${application} before, only the Plivo console can route it back,`,
		);
		// Its calls still go somewhere.
		const [trunk] = account.state.trunks.values();
		expect(number.application).toBe(trunkPath(account, trunk?.trunk_id));
		expect(trunk?.primary_uri_uuid).toBe([...account.state.uris.keys()][0]);
	},
);

it('one that somebody sends out of sight in the middle of the run is left there', async () => {
	const { account, number } = await accountWith('');
	number.application = null;
	account.onRequest(({ method, path }) => {
		if (method === 'POST' && path === '/Zentrunk/Trunk/') [number.application] = ELSEWHERE;
	});
	const words = wordsOf(await provision(account, 'provisionInbound', PARAMETERS));
	expect(words).toContain(`is routed to ${ELSEWHERE[0]} now`);
	expect(number.application).toBe(ELSEWHERE[0]);
});

it.each([null, undefined, ''])('a trunk whose name is %p is told by its ID', async (name) => {
	const { account, number } = await accountWith('');
	const { uri_uuid } = account.addUri({ name: 'Shared' });
	const trunk = account.addTrunk({ trunk_direction: 'inbound', primary_uri_uuid: uri_uuid });
	trunk.name = name;
	const id = String(trunk.trunk_id);
	number.application = trunkPath(account, id);
	const words = wordsOf(await provision(account, 'provisionInbound', PARAMETERS));
	expect(words).toContain(`Phone number ${NUMBER} is routed to trunk ${id}, which would lose`);
	const removal = await run(account, 'originationUri', 'delete', {
		originationUriId: String(uri_uuid),
	});
	expect(wordsOf(removal)).toContain(`The origination URI is used by trunk ${id}`);
	const release = await run(account, 'phoneNumber', 'release', { phoneNumber: NUMBER });
	expect(wordsOf(release)).toContain(`its calls go to trunk ${id}\n`);
	trunk.trunk_direction = 'outbound';
	const routing = { phoneNumber: NUMBER, trunkId: id };
	const routed = await run(account, 'phoneNumber', 'routeToTrunk', routing);
	expect(wordsOf(routed)).toContain(`Trunk ${id} is outbound`);
});

it.each([null, undefined])(
	'a direction that Plivo shows as %p is not made one',
	async (direction) => {
		const { account } = await accountWith('');
		const trunk = account.addTrunk({ name: 'Odd' });
		trunk.trunk_direction = direction;
		const plan = await provisioned(account, 'deprovision', {
			trunkId: String(trunk.trunk_id),
			options: { planOnly: true },
		});
		expect(JSON.stringify(plan)).not.toContain(`"${String(direction)}"`);
	},
);
