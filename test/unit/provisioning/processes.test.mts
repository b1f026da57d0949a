import type { IDataObject } from 'n8n-workflow';

import { PlivoFailure } from '../../../nodes/PlivoSipTrunking/failure.ts';
import { provisionOutbound } from '../../../nodes/PlivoSipTrunking/provisioning/index.ts';
import { settling } from '../../../nodes/PlivoSipTrunking/transport/settling.ts';
import { createPlivo, type Plivo, type Variants } from '../../../simulator/plivo.mts';
import { randomFrom } from '../../../simulator/random.mts';
import { sideBySide } from '../../support/sideBySide.mts';
import { channelTo } from './memory.mts';

/** Two processes, each with a memory of its own, make the same new customer at the same moment. */

beforeEach(() => void jest.replaceProperty(settling, 'ms', 100));
afterEach(() => void jest.restoreAllMocks());
jest.setTimeout(60_000);

const pause = async (ms: number) => await new Promise((resolve) => setTimeout(resolve, ms));

async function provisioned(plivo: Plivo, random: () => number): Promise<IDataObject> {
	const channel = channelTo(plivo);
	const slow: typeof channel = {
		...channel,
		send: async (options) => {
			await pause(random() * 8);
			const answer = await channel.send(options);
			await pause(random() * 8);
			return answer;
		},
	};
	const composite = provisionOutbound({
		name: 'Acme',
		sipAuthentication: 'newCredential',
		username: '',
		password: '',
		credentialId: '',
		ipAddresses: '',
		ipAclId: '',
		options: {},
	});
	return await composite(slow).catch((failure: unknown) => {
		if (failure instanceof PlivoFailure) return { failed: failure.message };
		throw failure;
	});
}

async function problemsOf(seed: number, variants: Partial<Variants>): Promise<string[]> {
	const plivo = createPlivo({
		variants: { ...variants, late: seed % 2 === 0 ? 0 : 20 },
		random: randomFrom(seed),
	});
	const outputs = await Promise.all(
		[1, 2].map(async (process) => await provisioned(plivo, randomFrom(10 * seed + process))),
	);
	const { trunks, credentials } = plivo.state;
	const [credential] = credentials.values();
	const shown = outputs.flatMap(({ password }) => password ?? []);
	const told: Array<[string, boolean]> = [
		[`${credentials.size} credentials`, credentials.size === 1],
		[`${trunks.size} trunks`, trunks.size === 1],
		['other trunks were answered', outputs.every(({ trunk_id: id }) => trunks.has(String(id)))],
		[`${shown.length} passwords were shown`, shown.length === 1],
		['a dead password was shown', shown.every((password) => password === credential?.password)],
		...outputs.map(({ failed }): [string, boolean] => [String(failed), failed === undefined]),
	];
	return told.flatMap(([problem, isFine]) => (isFine ? [] : [`${problem} (seed ${seed})`]));
}

const orders: Array<Variants['order']> = ['newest', 'oldest', 'id'];
const times: Array<Variants['time']> = ['T', 'missing'];
const names: Array<Variants['names']> = ['account', 'none'];

it.each(
	orders.flatMap((order) => times.flatMap((time) => names.map((unique) => [order, time, unique]))),
)(
	'one customer, one password, whatever the order of lists: %s, time %s, names %s',
	async (...row) => {
		const [order, time, unique] = row as [Variants['order'], Variants['time'], Variants['names']];
		const seeds = Array.from({ length: 24 }, (_, index) => index + 1);
		const problems = await sideBySide(
			seeds,
			12,
			async (seed) => await problemsOf(seed, { order, time, names: unique }),
		);
		expect(problems.flat()).toEqual([]);
	},
);
