import { type Simulator, startSimulator } from '../../simulator/simulator.mts';
import { check, fill, NUMBER, shownOf, TWO_PAGES, valuesIn } from './account.mts';
import { startProxy } from './proxy.mts';

let simulator: Simulator;

beforeAll(async () => {
	simulator = await startSimulator({ rateLimit: false, authToken: 'zyxtoken4711' });
});

beforeEach(() => simulator.reset());

afterAll(async () => await simulator.close());

/** Words of the facts themselves, which stand in the report whatever an account holds. */
const WORDS_OF_THE_FACTS = new Set(
	'inbound outbound enabled disabled accepted local true false null tcp UTC carrier'.split(' '),
);

/** Every value of the account that could be told from the words of the report. */
function secretsOf({ state, account, authId, authToken }: Simulator): string[] {
	const { stock: _stock, ...own } = state;
	const records = Object.values(own).flatMap((kind) => [...kind.values()]);
	const values = valuesIn([records, account, authId, authToken]);
	// With parts that would give them away as well: a trunk's id is in its domain, a number without +.
	const parts = values.flatMap((value) => [
		value,
		value.replace(/^\+/, ''),
		...value.split(/[/. ]/),
	]);
	const isTelling = (value: string) => value.length >= 4 && !WORDS_OF_THE_FACTS.has(value);
	return [...new Set(parts)].filter(isTelling).filter((value) => !COMMON.test(value));
}

/** Of the simulator's own words, not of an account. */
const COMMON =
	/^(plivo|Plivo|Account|Zentrunk|Trunk|Application|example|https:|answer|UNITED|STATES|standard|prepaid|Compliance|customer|normal_hangup|Verified|Applicable|Not Applicable|3000|0+|\d\d:\d\d:\d\d)$/;

const leaksIn = (text: string, secrets: string[]) => secrets.filter((one) => text.includes(one));

it.each([
	['reading', { write: false }],
	['writing', { write: true }],
	['a number', { write: true, number: NUMBER }],
])('%s: no value of the account is shown or written', async (_mode, options) => {
	fill(simulator, { records: TWO_PAGES });
	const secrets = secretsOf(simulator);
	const said: string[] = [];
	const result = await check(simulator, { ...options, progress: (text) => void said.push(text) });
	const shown = [shownOf(result), ...said].join('\n');
	expect(secrets.length).toBeGreaterThan(300);
	for (const one of ['Zyxtrunk 3', NUMBER, '7431.55000', 'zyxtoken4711', '7302', 'Zyxalias 2']) {
		expect(secrets).toContain(one);
	}
	expect(leaksIn(shown, secrets)).toEqual([]);
	// It would be found.
	expect(leaksIn(`${shown} Zyxtrunk 3`, secrets)).toEqual(expect.arrayContaining(['Zyxtrunk 3']));
});

it('no value is shown where Plivo repeats it in errors, names of fields and shapes', async () => {
	fill(simulator, { records: TWO_PAGES });
	const secrets = secretsOf(simulator);
	const proxy = await startProxy(simulator);
	const [trunk] = simulator.state.trunks.values();
	proxy.doctor = (answer) => {
		if (answer.status >= 400) answer.body = { error: `${secrets.join(' ')} exists` };
		else if (answer.status === 200) {
			answer.body[String(trunk?.name)] = 1;
			for (const record of (answer.body.objects as Array<Record<string, unknown>>) ?? []) {
				for (const secret of secrets.slice(0, 200)) record[secret] = secret;
				record.extra = { [NUMBER]: secrets };
			}
		}
	};
	const result = await check(proxy, { number: NUMBER });
	proxy.close();
	expect(result.findings.some(({ seen }) => seen.includes('a name that may be a value'))).toBe(
		true,
	);
	expect(result.findings.some(({ seen }) => seen.includes('…'))).toBe(true);
	expect(leaksIn(shownOf(result), secrets)).toEqual([]);
});

it('the names of what the check itself makes are not shown', async () => {
	fill(simulator, { records: TWO_PAGES });
	const made = new Set<string>();
	simulator.onRequest(({ method, body }) => {
		if (method === 'POST') for (const value of valuesIn(body)) made.add(value);
	});
	const result = await check(simulator, { number: NUMBER });
	const names = [...made].filter((value) => /^check-|^chk/.test(value));
	expect(names.length).toBeGreaterThan(10);
	expect(leaksIn(shownOf(result), names)).toEqual([]);
});
