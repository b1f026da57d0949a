import { type CheckOptions, type CheckResult, runLiveCheck } from '../../livecheck/check.mts';
import type { Timing } from '../../livecheck/context.mts';
import { jsonOf, markdownOf, summaryOf, tableOf } from '../../livecheck/report.mts';
import type { PlivoRecord, Simulator } from '../../simulator/simulator.mts';
import { LONG } from '../support/lane.mts';

/** For an account that answers in a millisecond. */
const FAST: Timing = {
	requestsPerSecond: Infinity,
	attempts: 3,
	backoffMs: 1,
	timeoutMs: 5_000,
	settleMs: 40,
	listedWithinMs: 2_000,
	pollMs: 5,
};

/** Is routed to a trunk of the account. */
export const NUMBER = '14155558123';

const DAY_MS = 86_400_000;

/** Of each kind: more than a page. */
export const TWO_PAGES = 23;

/**
 * Fills an account with some records of each kind whose values are like nothing else, made day after day (the first
 * one first), so that their order can be told.
 *
 * @param atOnce all in the same second instead
 * @param records of each kind
 */
export function fill(
	simulator: Simulator,
	{ atOnce = false, records = LONG ? TWO_PAGES : 8 } = {},
): void {
	const { options } = simulator;
	const clock = options.now;
	const start = clock() - 40 * DAY_MS;
	for (let serial = 0; serial < records; serial++) {
		const at = start + (atOnce ? 0 : serial * DAY_MS);
		options.now = () => at;
		const day = new Date(at).toISOString().slice(0, 10);
		const uri = simulator.addUri({
			name: `Zyxuri ${serial}`,
			uri: `qwop${serial}.invalid:5070;transport=tls`,
			username: `zyxuser${serial}`,
			password: `Zyx_secret${serial}`,
		});
		const credential = simulator.addCredential({
			name: `Zyxcredential ${serial}`,
			username: `zyxlogin${serial}`,
			password: `Zyx_other${serial}`,
		});
		simulator.addIpAcl({ name: `Zyxlist ${serial}`, ip_addresses: [`198.51.100.${serial}`] });
		const inbound = serial % 2 === 0;
		const trunk = simulator.addTrunk({
			name: `Zyxtrunk ${serial}`,
			trunk_direction: inbound ? 'inbound' : 'outbound',
			...(inbound
				? { primary_uri_uuid: uri.uri_uuid }
				: { credential_uuid: credential.credential_uuid }),
		});
		if (serial > 4) continue;
		const application = simulator.addApplication({ app_name: `Zyxapp ${serial}` });
		simulator.addNumber({
			// Not in the order of making.
			number: serial === 0 ? NUMBER : String(14155559900 - serial * 7),
			alias: `Zyxalias ${serial}`,
			region: `Zyxregion, ZYXLAND`,
			carrier: 'Zyxcarrier',
			country: 'Zyxland',
			added_on: day,
			application: inbound
				? `/v1/Account/${simulator.authId}/Zentrunk/Trunk/${String(trunk.trunk_id)}/`
				: `/v1/Account/${simulator.authId}/Application/${String(application.app_id)}/`,
		});
		simulator.addComplianceApplication({ alias: `Zyxcompliance ${serial}` });
	}
	options.now = clock;
	for (let serial = 0; serial < 8; serial++) {
		const at = new Date(clock() - (atOnce ? 1 : 9 - serial) * 3_600_000);
		simulator.addCall({
			end_time: at.toISOString().slice(0, 19).replace('T', ' '),
			from_number: `+4930555${7100 + serial}`,
			to_number: `+4420555${7200 + serial}`,
			call_duration: 7300 + serial,
			from_country: 'Zyxland',
		});
	}
	Object.assign(simulator.account, { name: 'Zyxaccount', cash_credits: '7431.55000' });
}

/** Everything that an account holds, as text that can be compared. */
export const snapshotOf = ({ state, account }: Simulator): string =>
	JSON.stringify(
		[account, ...Object.entries(state).map(([kind, records]) => [kind, [...records.values()]])],
		null,
		1,
	);

/** Runs the check on a simulator's account. */
export async function check(
	simulator: Pick<Simulator, 'url' | 'authId' | 'authToken'>,
	options: Partial<CheckOptions> = {},
): Promise<CheckResult> {
	const { url, authId, authToken } = simulator;
	return await runLiveCheck({
		authId,
		authToken,
		baseUrl: url,
		write: true,
		...options,
		timing: { ...FAST, ...options.timing },
	});
}

/** What becomes visible of a result, in all forms. */
export function shownOf(result: CheckResult): string {
	const run = { at: '1999-01-01T00:00:00.000Z', mode: 'write' } as const;
	return [
		tableOf(result.findings),
		summaryOf(result),
		jsonOf(result, run),
		markdownOf(result, run),
	].join('\n');
}

/** The rows that say something else than expected, as `id: what was seen`. */
export const differencesOf = ({ findings }: CheckResult) =>
	findings.filter(({ verdict }) => verdict === 'different').map(({ id, seen }) => `${id}: ${seen}`);

/** Every value in a record and what is in it. */
export function valuesIn(value: unknown): string[] {
	if (Array.isArray(value)) return value.flatMap(valuesIn);
	if (typeof value === 'object' && value !== null) {
		return Object.values(value as PlivoRecord).flatMap(valuesIn);
	}
	return [String(value)];
}
