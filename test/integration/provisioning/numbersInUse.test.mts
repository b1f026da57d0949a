/** Numbers that are in use. */
import { fullState, picture, trunkPath, wordsOf, writesOf } from '../../support/account.mts';
import {
	APPLICATION,
	accountWithNumbers,
	applicationOf,
	deedsOf,
	provision,
	provisioned,
	useAccounts,
} from './helper.mts';

useAccounts();

const PARAMETERS = { name: 'Acme', primaryUri: 'pbx.example.com;transport=tcp' };

/** A customer of another name, who has the first number. */
async function accountWithBolt() {
	const account = await accountWithNumbers();
	const { trunk_id } = await provisioned(account, 'provisionInbound', {
		name: 'Bolt',
		primaryUri: 'bolt.example.com;transport=tcp',
		phoneNumbers: '14155550101',
	});
	account.clearRequests();
	return { account, bolt: String(trunk_id) };
}

it('the number of another customer’s trunk is refused, unless the user says so', async () => {
	const { account, bolt } = await accountWithBolt();
	const parameters = { ...PARAMETERS, phoneNumbers: '14155550101' };
	const words = wordsOf(await provision(account, 'provisionInbound', parameters));
	expect(words).toContain(
		`Phone number 14155550101 is routed to trunk "Bolt inbound" (${bolt}), which would lose its calls`,
	);
	expect(words).toContain('Move Routed Numbers');
	expect(writesOf(account)).toEqual([]);
	const output = await provisioned(account, 'provisionInbound', {
		...parameters,
		options: { moveRoutedNumbers: true },
	});
	expect(output.warnings).toEqual([
		`Phone number 14155550101 was taken from trunk "Bolt inbound" (${bolt}).`,
	]);
	expect(output.numbers).toEqual([
		{ number: '14155550101', previous_application: trunkPath(account, bolt) },
	]);
});

it('a number on another inbound trunk that has a name of this customer is refused as well', async () => {
	const { account } = await accountWithBolt();
	const byHand = account.add('trunks', { name: 'Bolt', trunk_direction: 'inbound' });
	const number = account.state.numbers.get('14155550102')!;
	number.application = trunkPath(account, byHand.trunk_id);
	const words = wordsOf(
		await provision(account, 'provisionInbound', {
			name: 'Bolt',
			primaryUri: 'bolt.example.com;transport=tcp',
			phoneNumbers: '14155550102',
		}),
	);
	expect(words).toContain(`routed to trunk "Bolt" (${String(byHand.trunk_id)})`);
	expect(writesOf(account)).toEqual([]);
});

it('a number on a trunk of the same name, of the other direction or gone, is simply routed', async () => {
	const account = await accountWithNumbers();
	const outbound = account.add('trunks', { name: 'Acme', trunk_direction: 'outbound' });
	const [first, second] = [...account.state.numbers.values()];
	first!.application = trunkPath(account, outbound.trunk_id);
	second!.application = trunkPath(account, '21784100000000999');
	const output = await provisioned(account, 'provisionInbound', {
		...PARAMETERS,
		phoneNumbers: '14155550101, 14155550102',
	});
	expect(output.warnings).toEqual([]);
	for (const { application } of account.state.numbers.values()) {
		expect(application).toBe(trunkPath(account, output.trunk_id));
	}
});

it('a number that somebody routes elsewhere in the middle of the run is left there', async () => {
	const { account, bolt } = await accountWithBolt();
	const before = picture(account);
	account.onRequest(({ method, path }) => {
		if (method !== 'POST' || path !== '/Zentrunk/Trunk/') return;
		account.state.numbers.get('14155550102')!.application = trunkPath(account, bolt);
	});
	const words = wordsOf(
		await provision(account, 'provisionInbound', { ...PARAMETERS, phoneNumbers: '14155550102' }),
	);
	expect(words).toContain(
		`Could not route phone number 14155550102: Phone number 14155550102 is routed to trunk ${bolt} now.`,
	);
	expect(words).toContain('Nothing is left behind.');
	expect(picture(account)).toEqual({
		...before,
		numbers: [
			'{"number":"14155550101","route":"trunk Bolt inbound"}',
			'{"number":"14155550102","route":"trunk Bolt inbound"}',
		],
	});
});

it.each(['disabled', 'suspended'])(
	'no number goes to a %s trunk, unless the user says so',
	async (status) => {
		const account = await accountWithNumbers();
		const { trunk_id } = await provisioned(account, 'provisionInbound', PARAMETERS);
		account.state.trunks.get(String(trunk_id))!.trunk_status = status;
		account.clearRequests();
		const parameters = { ...PARAMETERS, phoneNumbers: '14155550101' };
		const words = wordsOf(await provision(account, 'provisionInbound', parameters));
		expect(words).toContain(`Trunk "Acme inbound" (${String(trunk_id)}) is ${status}`);
		expect(words).toContain('Allow Disabled Trunk');
		expect(writesOf(account)).toEqual([]);
		// Without a number there is nothing to refuse.
		const { warnings } = await provisioned(account, 'provisionInbound', PARAMETERS);
		expect(String(warnings)).toContain(`is ${status} and was left so`);
		const output = await provisioned(account, 'provisionInbound', {
			...parameters,
			options: { allowDisabledTrunk: true },
		});
		expect(output.trunk_status).toBe(status);
		expect(deedsOf(output).at(-1)).toBe('routed phone number');
	},
);

it('routed later: the number is checked, named, and left where it is', async () => {
	const account = await accountWithNumbers();
	const parameters = { ...PARAMETERS, phoneNumbers: '14155550101' };
	const output = await provisioned(account, 'provisionInbound', {
		...parameters,
		options: { routeNumbers: false },
	});
	expect(deedsOf(output)).toEqual(['created origination URI', 'created trunk']);
	expect(output.numbers).toEqual([
		{ number: '14155550101', previous_application: applicationOf(account) },
	]);
	expect(output.warnings).toEqual([
		`Phone number 14155550101 is routed to application ${APPLICATION} until it is routed to the trunk.`,
	]);
	expect(account.state.numbers.get('14155550101')?.application).toBe(applicationOf(account));
	const later = await provisioned(account, 'provisionInbound', parameters);
	expect(deedsOf(later)).toEqual(['reused origination URI', 'reused trunk', 'routed phone number']);
	const missing = await provision(account, 'provisionInbound', {
		...parameters,
		phoneNumbers: '14155550199',
		options: { routeNumbers: false },
	});
	expect(wordsOf(missing)).toContain('14155550199, which is not on the account');
});

it.each([
	['provisionInbound', 'inbound', { primaryUri: 'evil.example.com;transport=tcp' }],
	['provisionOutbound', 'outbound', { username: 'someoneelse' }],
])(
	'%s: a customer “Acme %s” does not take over Acme’s trunk',
	async (operation, direction, rest) => {
		const account = await accountWithNumbers();
		const parameters = operation === 'provisionInbound' ? PARAMETERS : { name: 'Acme' };
		const acmes = await provisioned(account, operation, {
			...parameters,
			...(operation === 'provisionInbound' && { phoneNumbers: '14155550101' }),
		});
		const before = picture(account).trunks;
		const other = await provisioned(account, operation, { name: `Acme ${direction}`, ...rest });
		expect(other.trunk_id).not.toBe(acmes.trunk_id);
		expect(picture(account).trunks).toEqual(expect.arrayContaining(before));
		// Nor its number.
		if (operation !== 'provisionInbound') return;
		const taken = await provision(account, operation, {
			name: `Acme ${direction}`,
			...rest,
			phoneNumbers: '14155550101',
		});
		expect(wordsOf(taken)).toContain('14155550101 is routed to trunk "Acme inbound"');
	},
);

it('a customer “Acme fallback” does not take over Acme’s fallback URI', async () => {
	const account = await accountWithNumbers();
	await provisioned(account, 'provisionInbound', {
		...PARAMETERS,
		fallbackUri: 'pbx2.example.com;transport=tcp',
	});
	const before = fullState(account);
	const words = wordsOf(
		await provision(account, 'provisionInbound', {
			name: 'Acme fallback',
			primaryUri: 'evil.example.com;transport=tcp',
		}),
	);
	expect(words).toContain('but is used by trunk "Acme inbound"');
	expect(fullState(account)).toEqual(before);
});

it('no number goes to a trunk that has just become another customer’s', async () => {
	const account = await accountWithNumbers();
	const { trunk_id } = await provisioned(account, 'provisionInbound', PARAMETERS);
	const trunk = account.state.trunks.get(String(trunk_id))!;
	let looks = 0;
	account.onRequest(({ method, path }) => {
		// The plan looks at it first.
		const isLook = method === 'GET' && path === `/Zentrunk/Trunk/${String(trunk_id)}/`;
		if (isLook && ++looks === 2) trunk.name = 'Bolt inbound';
	});
	account.clearRequests();
	const parameters = { ...PARAMETERS, phoneNumbers: '14155550101' };
	const words = wordsOf(await provision(account, 'provisionInbound', parameters));
	expect(words).toContain(
		`somebody has renamed the inbound trunk "Acme inbound" (${String(trunk_id)}) to "Bolt inbound"`,
	);
	expect(writesOf(account)).toEqual([]);
});
