import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { settling } from '../../../nodes/PlivoSipTrunking/transport/settling.ts';
import type { Simulator, Variants } from '../../../simulator/simulator.mts';
import {
	applicationPath,
	closeAccounts,
	fullState,
	newAccount,
	outputOf,
	run,
} from '../../support/account.mts';

export const APPLICATION = '16638156000000777';
/** Of the signs only `_`: others break PBX configuration files and addresses. */
export const PASSWORD = /^(?=.*_)[A-Za-z0-9_]{20}$/;

/** What a lost write has come to is told sooner; each test has accounts of its own. */
export function useAccounts(): void {
	beforeEach(() => void jest.replaceProperty(settling, 'ms', 200));
	afterEach(async () => {
		jest.restoreAllMocks();
		await closeAccounts();
	});
}

export async function accountWithNumbers(variants: Partial<Variants> = {}): Promise<Simulator> {
	const account = await newAccount({ variants });
	account.add('applications', { app_id: APPLICATION });
	for (const number of ['14155550101', '14155550102']) {
		account.add('numbers', { number, application: applicationOf(account) });
	}
	return account;
}

export const applicationOf = (account: Simulator) => applicationPath(account, APPLICATION);

export const provision = async (
	account: Simulator,
	operation: string,
	parameters: INodeParameters,
) =>
	await run(account, 'provisioning', operation, {
		...parameters,
		// The trunks whole.
		...(operation === 'connectPlatform' && { simplify: false }),
	});

export const provisioned = async (
	account: Simulator,
	operation: string,
	parameters: INodeParameters,
) => outputOf(await provision(account, operation, parameters));

/** `created trunk`, `reused credential`, … in order. */
export const deedsOf = ({ what_was_done }: IDataObject) =>
	(what_was_done as IDataObject[]).map(({ action, kind }) => `${String(action)} ${String(kind)}`);

/** Runs again; the account must be the same afterwards, and nothing created. */
export async function again(account: Simulator, operation: string, parameters: INodeParameters) {
	const before = fullState(account);
	account.clearRequests();
	const output = await provisioned(account, operation, parameters);
	expect(fullState(account)).toEqual(before);
	return output;
}

/** What was posted to a path. */
export const bodiesOf = ({ requests }: Simulator, at: string) =>
	requests
		.filter(({ method, path }) => method === 'POST' && path.startsWith(at))
		.map(({ body }) => body);

/** How many pages of whole lists were asked for. */
export const listings = ({ requests }: Simulator) =>
	requests.filter(
		({ method, path, query }) =>
			method === 'GET' &&
			/^\/(Zentrunk\/\w+|Number)\/$/.test(path) &&
			Object.keys(query).every((name) => ['limit', 'offset'].includes(name)),
	).length;
