import { ALL_KINDS, type Kind } from '../../livecheck/kinds.mts';
import { type PlivoRecord, type Simulator, startSimulator } from '../../simulator/simulator.mts';
import { someOf } from '../support/lane.mts';
import { check, differencesOf, fill, NUMBER, snapshotOf } from './account.mts';
import { type Doctor, type PassingRequest, startProxy } from './proxy.mts';

let simulator: Simulator;
let proxy: Awaited<ReturnType<typeof startProxy>>;

beforeAll(async () => {
	simulator = await startSimulator({ rateLimit: false });
	proxy = await startProxy(simulator);
});

beforeEach(() => {
	simulator.reset();
	proxy.doctor = undefined;
});

afterAll(async () => {
	proxy.close();
	await simulator.close();
});

const isList = (kind: Kind, { method, path }: PassingRequest) =>
	method === 'GET' && path === kind.path;

const isRecord = (kind: Kind, { method, path }: PassingRequest) =>
	method === 'GET' && path.startsWith(kind.path) && /^[^/]+\/$/.test(path.slice(kind.path.length));

const isCreate = (path: string, request: PassingRequest) =>
	request.method === 'POST' && request.path === path;

/** For each row, what makes Plivo different in it: the row has to say so. */
const DOCTORS: Array<[id: string, seen: RegExp, doctor: Doctor]> = [
	[
		'account.fields',
		/cash_credits is number instead of number as text; no timezone/,
		({ body }, { path }) => {
			if (path !== '') return;
			body.cash_credits = 1.5;
			delete body.timezone;
		},
	],
	['requestId', /missing/, (answer) => void ((answer.headers = {}), delete answer.body.api_id)],
	[
		'retryAfter',
		/other/,
		(() => {
			let seen = 0;
			return (answer) => {
				if (seen++ === 3)
					Object.assign(answer, { status: 429, headers: { 'Retry-After': 'soon' } });
			};
		})(),
	],
	[
		'limit',
		/more than 20/,
		(answer, { query }) => {
			if (!query.includes('limit=21')) return;
			answer.status = 200;
			answer.body = { meta: { total_count: 21 }, objects: Array.from({ length: 21 }, () => ({})) };
		},
	],
	[
		'path',
		/answered/,
		(answer, { path }) => {
			if (path === 'Zentrunk/trunk/') Object.assign(answer, { status: 200, body: { objects: [] } });
		},
	],
	[
		'bound',
		/answered/,
		(answer, { query }) => {
			if (query.includes('end_time__lt')) Object.assign(answer, { status: 200, body: { a: 1 } });
		},
	],
	[
		'plus',
		/without: found, with: found/,
		({ body }, { query }) => {
			if (query.includes('from_number=')) body.objects = [{}];
		},
	],
	[
		'insights',
		/jitter is number instead of number as text; from is UUID instead of object of/,
		({ body }, { path }) => {
			if (!path.endsWith('/Insights/')) return;
			body.jitter = 2.5;
			body.from = '00000000-0000-4000-8000-000000000000';
		},
	],
	[
		'time',
		/time with T, written otherwise/,
		({ body }, request) => {
			const trunks = [...((body.objects as PlivoRecord[]) ?? []), body.object as PlivoRecord];
			for (const trunk of trunks) {
				if (trunk?.created_at && request.path.startsWith('Zentrunk/Trunk')) {
					trunk.created_at = '2026-08-23T19:57:52.123+00:00';
				}
			}
		},
	],
	[
		'trunk.fields',
		/trunk_id is whole number instead of text of 17 digits.*no secure.*unknown: \(a name that may be a value\), surprise/,
		({ body }, request) => {
			if (!isList(ALL_KINDS[0] as Kind, request)) return;
			for (const trunk of (body.objects as PlivoRecord[]) ?? []) {
				trunk.trunk_id = 12;
				trunk.surprise = 1;
				trunk['Zyx 14155558123'] = 1;
				delete trunk.secure;
			}
		},
	],
	...['credential', 'origination URI'].map((noun): [string, RegExp, Doctor] => [
		`${noun}.fields`,
		/password is answered, which must never be/,
		({ body }, request) => {
			const kind = ALL_KINDS.find((one) => one.noun === noun) as Kind;
			if (!isList(kind, request)) return;
			for (const record of body.objects as PlivoRecord[]) record.password = 'Zyx_secret';
		},
	]),
	...ALL_KINDS.flatMap(
		(kind): Array<[string, RegExp, Doctor]> => [
			[
				`${kind.noun}.404`,
				/^400, \{"error"\}/,
				(answer, { path }) => {
					if (path.startsWith(`${kind.path}${kind.madeUpId}/`)) answer.status = 400;
				},
			],
			[
				`${kind.noun}.list`,
				/total_count is number as text instead of whole number; no next/,
				({ body }, request) => {
					if (!isList(kind, request) || !body.meta) return;
					const meta = body.meta as PlivoRecord;
					meta.total_count = String(meta.total_count);
					delete meta.next;
				},
			],
			[
				`${kind.noun}.record`,
				new RegExp(`no ${Object.keys(kind.fields)[1]}`),
				({ body }, request) => {
					if (isRecord(kind, request) && !body.error) {
						for (const record of [body, body.object as PlivoRecord]) {
							delete record?.[Object.keys(kind.fields)[1] as string];
						}
					}
				},
			],
			[
				`${kind.noun}.nesting`,
				/^under "(object|compliance)"/,
				(answer, request) => {
					if (!isRecord(kind, request) || answer.status !== 200) return;
					const { object, ...rest } = answer.body;
					const under = kind.nestedUnder ? 'compliance' : 'object';
					answer.body = { api_id: 'a', [under]: object ?? rest };
				},
			],
		],
	),
	...ALL_KINDS.slice(0, 6).map((kind): [string, RegExp, Doctor] => [
		`${kind.noun}.order`,
		/neither by time nor by id/,
		({ body }, request) => {
			const { objects } = body as { objects?: PlivoRecord[] };
			if (!objects || !isList(kind, request)) return;
			for (const one of objects) {
				if (kind.timeField && !one[kind.timeField]) one.created_at = '2026-08-23T19:57:52Z';
			}
			// The last but one of the list changes places with the first.
			const first = objects[0] as PlivoRecord;
			const last = objects.length - 2;
			const other = objects[last] as PlivoRecord;
			if (kind.timeField && first && other && last > 0)
				[objects[0], objects[last]] = [other, first];
		},
	]),
	...ALL_KINDS.slice(0, 4).flatMap(
		(kind): Array<[string, RegExp, Doctor]> => [
			[
				`${kind.noun}.create`,
				/^200, and more fields/,
				(answer, request) => {
					if (!isCreate(kind.path, request) || answer.status !== 201) return;
					answer.status = 200;
					answer.body.surprise = 1;
				},
			],
			[
				`${kind.noun}.late`,
				/^not within 0.05 s/,
				({ body }, request) => {
					if (!isList(kind, request) || !body.objects) return;
					// What the check made never shows up.
					const objects = (body.objects as PlivoRecord[]).filter(
						({ name }) => !String(name).startsWith('check-'),
					);
					body.objects = objects;
				},
			],
			[
				kind.noun === 'trunk' ? 'trunk.name.taken' : `${kind.noun}.name.taken`,
				/^refused: 418, \{"error"\}, the … has been …/,
				(answer, request) => {
					if (!isCreate(kind.path, request) || answer.status !== 400) return;
					answer.status = 418;
					answer.body = { error: 'The Zyxname has been Zyxed' };
				},
			],
		],
	),
	[
		'uri.uri.taken',
		/^refused: 400, \{"error"\}, …/,
		(answer, request) => {
			if (isCreate('Zentrunk/URI/', request) && answer.status === 400) {
				answer.body = { error: 'Zyxno' };
			}
		},
	],
	[
		'credential.underscore',
		/^refused: 400, \{"message"\}, username must be letters/,
		(answer, request) => {
			if (
				isCreate('Zentrunk/Credential/', request) &&
				String(request.body.username).includes('_')
			) {
				simulator.state.credentials.delete(String(answer.body.credential_uuid));
				Object.assign(answer, { status: 400, body: { message: 'username must be letters' } });
			}
		},
	],
	[
		'trunk.update',
		/^accepted: 200/,
		(answer) => {
			if (answer.status === 202) answer.status = 200;
		},
	],
	[
		'trunk.direction',
		/^accepted: 202/,
		(answer, { method, path, body }) => {
			if (method !== 'POST' || !/^Zentrunk\/Trunk\/./.test(path)) return;
			if (body.trunk_direction === undefined) answer.status = 202;
		},
	],
	[
		'trunk.authentication',
		/^refused: 400/,
		(answer) => {
			if (answer.status === 422) answer.status = 400;
		},
	],
	[
		'delete',
		/^200/,
		(answer) => {
			if (answer.status === 204)
				Object.assign(answer, { status: 200, body: { message: 'deleted' } });
		},
	],
	[
		'number.route',
		/^200, and it is/,
		(answer, { method, path }) => {
			if (method === 'POST' && path.startsWith('Number/') && answer.status === 202)
				answer.status = 200;
		},
	],
	[
		'number.null',
		/^400, and the route is as before/,
		(answer, { path, body }) => {
			if (path.startsWith('Number/') && body.app_id === null) answer.status = 400;
		},
	],
	[
		'number.detach',
		/goes elsewhere/,
		(() => {
			let deleted = 0;
			return ({ body }, { method, path }) => {
				if (method === 'DELETE' && path.startsWith('Zentrunk/Trunk/')) deleted++;
				if (deleted === 1 && path.startsWith(`Number/${NUMBER}`) && method === 'GET') {
					deleted++;
					body.application = `/v1/Account/a/Zentrunk/Trunk/21784199900000099/`;
				}
			};
		})(),
	],
];

/** Rows whose difference takes more than changed answers, with the test that has it. */
const ELSEWHERE: Record<string, string> = {
	date: 'the variant; sometimes: below',
	filter: 'below',
	'trunk.name': 'below',
	'uri.uri': 'either is known',
	'credential.name': 'either is known',
	'IP access control list.name': 'either is known',
	'origination URI.name': 'either is known',
	'number.clear': 'each is known',
	secure: 'each is known',
	'application.fields': 'below',
	'number.fields': 'below',
	'call.fields': 'below',
	'compliance application.fields': 'below',
	'IP access control list.fields': 'below',
	'application.order': 'nothing tells it',
	'compliance application.order': 'nothing tells it',
	cascade: 'below',
	leftovers: 'undo.test.mts',
	removed: 'undo.test.mts',
};

it.each(someOf(DOCTORS, 7))('%s: %s', async (id, seen, doctor) => {
	if (id.endsWith('.taken'))
		Object.assign(simulator.variants, { othernames: 'unique', uri: 'one' });
	if (id === 'requestId') simulator.options.latencyMs = 0;
	fill(simulator);
	const before = snapshotOf(simulator);
	proxy.doctor = doctor;
	const result = await check(proxy, { number: NUMBER, timing: { listedWithinMs: 50 } });
	const finding = result.findings.find((one) => one.id === id);
	expect(finding?.seen).toMatch(seen);
	expect(finding?.verdict).toBe('different');
	proxy.doctor = undefined;
	// Where the check could not see its own records, those that it knows are removed all the same.
	expect(snapshotOf(simulator)).toBe(before);
});

it('every row can tell a difference', async () => {
	fill(simulator);
	Object.assign(simulator.variants, { othernames: 'unique', uri: 'one' });
	const { findings } = await check(simulator, { number: NUMBER });
	const covered = new Set([...DOCTORS.map(([id]) => id), ...Object.keys(ELSEWHERE)]);
	expect(findings.map(({ id }) => id).filter((id) => !covered.has(id))).toEqual([]);
	expect(findings.filter(({ verdict }) => verdict === 'untold').map(({ id }) => id)).toEqual([
		'retryAfter',
		'application.order',
		'compliance application.order',
	]);
});

it.each(['application', 'number', 'call', 'compliance application', 'IP access control list'])(
	'%s.fields: a field of another type, and a missing one',
	async (noun) => {
		fill(simulator);
		const kind = ALL_KINDS.find((one) => one.noun === noun) as Kind;
		const [first = '', second = ''] = Object.keys(kind.fields);
		proxy.doctor = ({ body }, request) => {
			if (!isList(kind, request)) return;
			for (const record of (body.objects as PlivoRecord[]) ?? []) {
				record[first] = 7;
				delete record[second];
			}
		};
		const result = await check(proxy, { write: false });
		expect(differencesOf(result)).toContainEqual(
			expect.stringMatching(
				`^${noun}.fields: ${first} is whole number instead of .*; no ${second}`,
			),
		);
	},
);

it('names that are unique between the directions only are none of the variants', async () => {
	const names = new Map<string, string>();
	proxy.doctor = (answer, request) => {
		if (!isCreate('Zentrunk/Trunk/', request) || answer.status !== 201) return;
		const { name, trunk_direction: direction } = request.body;
		const other = names.get(String(name));
		names.set(String(name), String(direction));
		if (other === undefined || other === direction) return;
		simulator.state.trunks.delete(String(answer.body.trunk_id));
		Object.assign(answer, { status: 400, body: { error: 'already exists' } });
	};
	simulator.variants.names = 'none';
	const result = await check(proxy);
	expect(differencesOf(result)).toEqual(['trunk.name: between directions only']);
});

it('a filter that is ignored is known to happen', async () => {
	fill(simulator);
	simulator.options.ignoreListFilters = true;
	const { findings } = await check(simulator, { write: false });
	expect(findings.find(({ id }) => id === 'filter')).toMatchObject({
		verdict: 'variant',
		seen: 'no',
	});
});

it('a URI that is deleted without its trunks', async () => {
	fill(simulator);
	const before = snapshotOf(simulator);
	let kept: PlivoRecord | undefined;
	simulator.onRequest(({ method, path }) => {
		if (method !== 'DELETE' || !path.startsWith('/Zentrunk/URI/') || kept) return;
		const uri = path.split('/').at(-2);
		kept = [...simulator.state.trunks.values()].find((trunk) => trunk.primary_uri_uuid === uri);
		if (kept) kept.primary_uri_uuid = null;
	});
	const result = await check(simulator);
	expect(differencesOf(result)).toEqual(['cascade: no']);
	expect(snapshotOf(simulator)).toBe(before);
});

it('a Date header that is there sometimes', async () => {
	let count = 0;
	simulator.onRequest(() => {
		simulator.variants.date = count++ % 2 === 0 ? 'there' : 'missing';
	});
	const { findings } = await check(simulator, { write: false });
	expect(findings.find(({ id }) => id === 'date')).toMatchObject({
		verdict: 'different',
		seen: 'sometimes',
	});
});

it('a part of the API that is closed, or fails: what of it could not be told', async () => {
	fill(simulator);
	simulator.faults.add({ path: '/Number/', faults: [{ kind: 'status', status: 403 }] });
	simulator.faults.add({ path: '/Zentrunk/URI/', faults: [{ kind: 'status', status: 500 }] });
	const result = await check(simulator, { write: false });
	expect(differencesOf(result)).toEqual([]);
	const seenOf = (id: string) => result.findings.find((one) => one.id === id);
	expect(seenOf('number.list')).toMatchObject({
		verdict: 'untold',
		seen: expect.stringMatching('403'),
	});
	expect(seenOf('origination URI.list')).toMatchObject({ verdict: 'untold', seen: 'answered 500' });
});
