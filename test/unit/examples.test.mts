/** What the notes of the example workflows say to a builder, against the workflows themselves. */
import { PlivoSipTrunkingApi } from '../../credentials/PlivoSipTrunkingApi.credentials.ts';
import { runInEngine } from '../../demo/engineRun.mts';
import { exampleOf, readExamples } from '../../demo/examples.mts';
import { PlivoSipTrunking } from '../../nodes/PlivoSipTrunking/PlivoSipTrunking.node.ts';
import type { Simulator } from '../../simulator/simulator.mts';
import { closeAccounts, newAccount } from '../support/account.mts';
import { there } from '../support/elements.mts';

const EXAMPLES = readExamples();

/** What notes put in italics besides nodes and other examples: n8n's own words, and each platform's. */
const WORDS = [
	'Append or Update Row',
	'Basic Auth',
	'Bearer Auth',
	'Credential for Header Auth',
	'Execute workflow',
	'Header Auth',
	'Integrations',
	'JWT Auth',
	'Options',
	'Other calls',
	'Phone Number: Update',
	'Plivo SIP Trunking API',
	'Send and Wait for Response',
	'human review',
];

const NUMBERS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'];

const isNote = ({ type }: { type: string }) => type.endsWith('.stickyNote');

/** Where something lies on the canvas: left, top, right, bottom. */
type Area = readonly [number, number, number, number];

const areaOf = (node: (typeof EXAMPLES)[number]['nodes'][number]): Area => {
	const [left, top] = node.position;
	// A node is 96 wide and high, with its name below.
	const { width, height } = isNote(node) ? node.parameters : { width: 96, height: 130 };
	return [left, top, left + Number(width), top + Number(height)];
};

const overlap = (one: Area, other: Area) =>
	one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3];

describe.each(EXAMPLES.map((example) => [example.name, example] as const))(
	'%s',
	(_name, { nodes }) => {
		const notes = nodes.filter(isNote);
		const text = notes.map(({ parameters }) => String(parameters.content)).join('\n');

		it('says what to set first, the credential among it, and how to try it', () => {
			const first = notes.find(({ name }) => name === 'Set this first');
			expect(first?.parameters.content).toContain('Plivo');
			expect(text).toContain('**Try it**');
		});

		it('has no note that lies over another one or over a node', () => {
			const covered = notes.flatMap((note) =>
				nodes
					.filter((node) => node !== note && overlap(areaOf(note), areaOf(node)))
					.map(({ name }) => `${note.name} over ${name}`),
			);
			expect(covered).toEqual([]);
		});

		it('names in its notes only nodes and examples that are there', () => {
			const known = [
				...WORDS,
				...nodes.map(({ name }) => name),
				...EXAMPLES.map(({ name }) => name),
			];
			const named = [...text.matchAll(/(?<!\*)\*([^*\n]+)\*(?!\*)/g)].map(([, words]) =>
				there(words),
			);
			// What to write to an agent is in italics as well: a whole sentence.
			expect(named.filter((words) => !known.includes(words) && !words.endsWith('.'))).toEqual([]);
		});

		it('counts its Plivo nodes right', () => {
			const count = nodes.filter(({ type }) => /\.plivoSipTrunking\w*$/.test(type)).length;
			for (const [, number] of text.matchAll(/the (\w+) (?:Plivo nodes|tools)\b/g))
				expect(number).toBe(NUMBERS[count]);
		});
	},
);

describe('the first result of npm start', () => {
	const example = exampleOf('customerOnboarding', {
		plivoSipTrunkingApi: { id: 'plivo', name: 'Plivo' },
	});
	const globex = {
		customer: 'Globex Clinic',
		username: 'globexclinic',
		pbx: 'sip.globex.example:5060;transport=tcp',
		phoneNumber: '14155550004',
	};
	let simulator: Simulator;

	const onboard = async (customer: typeof globex, workflow = example) => {
		const { authId, authToken, url: baseUrl } = simulator;
		const classes = { node: PlivoSipTrunking, credential: PlivoSipTrunkingApi };
		return await runInEngine(workflow, classes, { authId, authToken, baseUrl }, customer);
	};

	beforeAll(async () => {
		simulator = await newAccount();
		simulator.seed({ numbers: 5 });
	});

	afterAll(closeAccounts);

	it('is what the workflow file makes of the simulated account', async () => {
		const made = await onboard(globex);
		expect(made).toMatchObject({
			customer: 'Globex Clinic',
			username: 'globexclinic',
			password: expect.any(String),
			phone_number: '14155550004',
		});
		const { trunks, credentials, numbers } = simulator.state;
		expect([...trunks.keys()].sort()).toEqual(
			[made.outbound_trunk_id, made.inbound_trunk_id].map(String).sort(),
		);
		expect([...credentials.keys()]).toEqual([made.credential_uuid]);
		expect(JSON.stringify(numbers.get('14155550004'))).toContain(String(made.inbound_trunk_id));
	});

	it('takes the other branch for a customer that the node refuses', async () => {
		const { error, password } = await onboard({ ...globex, phoneNumber: 'nobody' });
		expect(error).toContain('Phone Numbers');
		expect(password).toBeUndefined();
	});

	it('fails with the words of the node that failed', async () => {
		const nodes = example.nodes.map((node) => ({ ...node, onError: undefined }));
		const failed = onboard({ ...globex, phoneNumber: 'nobody' }, { ...example, nodes });
		await expect(failed).rejects.toThrow('Phone Numbers');
	});
});
