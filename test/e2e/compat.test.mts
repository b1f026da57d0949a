/** The installed package in the oldest and the newest n8n that it is made for. */
import type { IDataObject, INode, IRun } from 'n8n-workflow';

import { PLATFORM_CREDENTIALS, PLATFORMS_READY, readExamples } from '../../demo/examples.mts';
import { type Mailbox, startMailbox } from '../../demo/mailbox.mts';
import {
	callWebhook,
	executeWorkflow,
	type N8n,
	publishWorkflow,
	type Session,
	signIn,
	startN8n,
} from '../../demo/n8n.mts';
import { freePort } from '../../demo/processes.mts';
import { plivoTime } from '../../simulator/plivoTime.mts';
import type { Fault } from '../../simulator/simulator.mts';
import {
	ACCOUNT,
	accountCredential,
	chain,
	coreNode,
	CREDENTIAL_TYPE,
	eventually,
	executionsOf,
	outputOf,
	OWNER,
	PACKAGE_NODE,
	plivoNode,
	prepareStand,
	type Stand,
	taskOf,
	VERSIONS,
	type WorkflowFile,
} from './stand.mts';

/** The credentials of the examples: what they run with here. */
const KEY = { id: 'webhookKey', name: 'Webhook key' };
const READY = {
	[CREDENTIAL_TYPE]: ACCOUNT,
	httpHeaderAuth: KEY,
	smtp: { id: 'smtp', name: 'Mail server' },
	...PLATFORMS_READY,
};

/** Of n8n 2: forms, data tables, mails and human review are tried in the tests of the workflows. */
const ELSEWHERE = [
	'adoptWhatIsThere',
	'agentWithALeash',
	'customerWithANewNumber',
	'giveBackUnusedNumbers',
	'nightlyDriftReport',
	'onboardingWithApproval',
];

const EXAMPLES = readExamples(READY).filter(
	({ id }) => !ELSEWHERE.includes(id),
) as unknown as WorkflowFile[];

const hasManualTrigger = ({ nodes }: WorkflowFile) =>
	nodes.some(({ type }) => type === 'n8n-nodes-base.manualTrigger');

const TRIGGER = coreNode('Start', 'manualTrigger', 1);

/** A trunk of its own for each failure: the simulator fails by path. */
const getTrunk = (name: string, trunkId: string, more: Partial<INode> = {}, maxRetries = 0) =>
	plivoNode(
		name,
		{ resource: 'trunk', operation: 'get', trunkId, options: { maxRetries, timeout: 1 } },
		{ onError: 'continueRegularOutput', ...more },
	);

const as = (id: string) => ({ credentials: { [CREDENTIAL_TYPE]: { id, name: id } } });

/** Each node meets another failure; the run goes on, and the node's output tells the error. */
const FAILURES = [
	{ name: 'Missing', trunkId: '1001', error: /^Plivo has no trunk 1001/ },
	{
		name: 'Wrong token',
		trunkId: '1002',
		more: as('wrong'),
		error: /did not accept the Auth ID and Auth Token/,
	},
	{
		name: 'Refused connection',
		trunkId: '1003',
		more: as('closed'),
		error: /^Plivo could not be reached \(ECONNREFUSED\)$/,
	},
	{
		name: 'Unknown host',
		trunkId: '1004',
		more: as('unknown'),
		error: /^Plivo's address could not be looked up \((ENOTFOUND|EAI_AGAIN)\)$/,
	},
	{
		name: 'Hang',
		trunkId: '1005',
		fault: { kind: 'hang' },
		error: /^Plivo did not answer within 1 second/,
	},
	{
		name: 'Reset',
		trunkId: '1006',
		fault: { kind: 'reset' },
		error: /^The connection to Plivo broke \(ECONNRESET\)$/,
	},
	{ name: 'Gateway', trunkId: '1007', fault: { kind: 'html' }, error: /Plivo is not available/ },
	{
		name: 'Half answer',
		trunkId: '1008',
		fault: { kind: 'truncate' },
		error: /^The connection to Plivo broke \(ECONNRESET\)$/,
	},
	{
		name: 'Too many',
		trunkId: '1009',
		fault: { kind: 'status', status: 429 },
		error: /^Plivo received too many requests for this account/,
	},
	{
		name: 'Redirect',
		trunkId: '1010',
		fault: { kind: 'redirect', location: '/' },
		error: /^The server answered with a redirect, which is not followed$/,
	},
] as Array<{
	name: string;
	trunkId: string;
	more?: Partial<INode>;
	fault?: Fault;
	error: RegExp;
}>;

const failures = chain('failures', [
	TRIGGER,
	...FAILURES.map(({ name, trunkId, more }) => getTrunk(name, trunkId, more)),
	getTrunk('Recovers', '2001', {}, 4),
]);

const HANGING_TRUNK = '3001';
const sleeper = chain('sleeper', [TRIGGER, getTrunk('Hang', HANGING_TRUNK, {}, 5)]);

/** n8n polls once a minute at most: here, soon. */
const watchCalls = () =>
	chain('poller', [
		plivoNode(
			'Watch',
			{
				pollTimes: {
					item: [
						{
							mode: 'custom',
							cronExpression: `${new Date(Date.now() + 8_000).getSeconds()} * * * * *`,
						},
					],
				},
				event: 'callEnded',
				filters: { callDirection: 'outbound' },
			},
			{ type: `${PACKAGE_NODE}Trigger` },
		),
		coreNode('End', 'noOp', 1),
	]);

describe.each(VERSIONS)('n8n %s', (version) => {
	let stand: Stand;
	let mailbox: Mailbox;

	beforeAll(async () => {
		mailbox = await startMailbox();
		stand = await prepareStand(`compat-${version}`, version, {
			credentials: (simulator) => {
				const { data, type } = accountCredential(simulator);
				const variant = (id: string, changes: IDataObject) => ({
					id,
					name: id,
					type,
					data: { ...data, ...changes },
				});
				return [
					variant('wrong', { authToken: 'wrong' }),
					variant('closed', { baseUrl: 'http://127.0.0.1:9/v1' }),
					variant('unknown', { baseUrl: 'https://plivo.invalid/v1' }),
					{ ...KEY, type: 'httpHeaderAuth', data: { name: 'X-API-Key', value: 'open-sesame' } },
					{ ...READY.smtp, type: 'smtp', data: { user: '', password: '', ...mailbox.smtp } },
					...PLATFORM_CREDENTIALS,
				];
			},
		});
		stand.simulator.seed({ numbers: 20, applications: 1, trunks: 30, calls: 200 });
		// The monthly rotation looks for it.
		stand.simulator.addCredential({ name: 'Acme Dental', username: 'acmedental' });
		await stand.addWorkflows([...EXAMPLES, failures, sleeper]);
	});

	afterAll(async () => {
		await stand.close();
		await mailbox.close();
	});

	it.each(EXAMPLES.filter(hasManualTrigger).map(({ name, id }) => [name, id]))(
		'"%s" runs by n8n execute',
		async (_name, id) => {
			const run = await executeWorkflow(stand.installation, id);
			expect(run.status).toBe('success');
			const { nodes } = EXAMPLES.find((workflow) => workflow.id === id)!;
			const ours = nodes.filter(({ type }) => type === PACKAGE_NODE);
			expect(ours.map(({ name }) => [name, taskOf(run, name)?.executionStatus])).toEqual(
				ours.map(({ name }) => [name, 'success']),
			);
		},
	);

	describe('errors', () => {
		let run: IRun;

		beforeAll(async () => {
			const { faults, addTrunk } = stand.simulator;
			for (const { trunkId, fault } of FAILURES)
				if (fault) faults.add({ path: trunkId, faults: [fault] });
			faults.add({ path: '2001', times: 3, faults: [{ kind: 'status', status: 503 }] });
			addTrunk({ trunk_id: '2001', name: 'Recovers' });
			run = await executeWorkflow(stand.installation, failures.id);
		});

		it.each(FAILURES)('$name is told in plain words', ({ name, error }) => {
			expect(outputOf(run, name)).toEqual([
				expect.objectContaining({
					error: expect.stringMatching(error),
					fix: expect.stringMatching(/./),
				}),
			]);
		});

		it('a passing failure is got over', () => {
			expect(outputOf(run, 'Recovers')).toMatchObject([{ trunk_id: '2001' }]);
			const sent = stand.simulator.requests.filter(({ path }) => path.includes('2001'));
			expect(sent.map(({ status }) => status)).toEqual([503, 503, 503, 200]);
		});
	});

	describe('running', () => {
		let n8n: N8n;
		let session: Session;
		let log = '';

		beforeAll(async () => {
			const installation = { ...stand.installation, env: { N8N_LOG_LEVEL: 'debug' } };
			n8n = await startN8n(installation, await freePort(), (text) => (log += text));
			session = await signIn(n8n.url, OWNER);
		});

		afterAll(async () => await n8n.stop());

		const testCredential = async (changes: IDataObject) => {
			const { data, ...credential } = accountCredential(stand.simulator);
			return await session('POST', '/credentials/test', {
				credentials: { ...credential, data: { ...data, ...changes } },
			});
		};

		it('the credential test tells right from wrong', async () => {
			expect(await testCredential({})).toMatchObject({ status: 'OK' });
			expect(await testCredential({ authToken: 'wrong' })).toMatchObject({
				status: 'Error',
				// n8n 1.x has its own words here, whatever the credential's rules say.
				message: expect.stringMatching(
					/does not accept this Auth ID and Auth Token|check your credentials/,
				),
			});
		});

		it('"Customer onboarding" answers its webhook', async () => {
			stand.simulator.faults.add({ times: 1, faults: [{ kind: 'status', status: 503 }] });
			await publishWorkflow(session, 'customerOnboarding');
			const answer = await callWebhook(
				n8n.url,
				'customer-onboarding',
				{
					customer: 'Globex',
					username: 'globexsip',
					pbx: 'sip.globex.example;transport=tls',
					phoneNumber: '14155550002',
				},
				{ 'x-api-key': 'open-sesame' },
			);
			expect(answer).toMatchObject({ customer: 'Globex', username: 'globexsip' });
		});

		const withoutManualTrigger = EXAMPLES.filter((workflow) => !hasManualTrigger(workflow));
		if (withoutManualTrigger.length > 0)
			it.each(withoutManualTrigger.map(({ name, id }) => [name, id]))(
				'"%s" can be published',
				async (_name, id) => {
					await publishWorkflow(session, id);
					expect(await session('GET', `/workflows/${id}`)).toMatchObject({ active: true });
				},
			);

		it('the trigger starts a workflow for a call that has ended', async () => {
			const { simulator } = stand;
			const { id } = (await session('POST', '/workflows', watchCalls())) as { id: string };
			simulator.clearRequests();
			await publishWorkflow(session, id);
			// Another workflow's poll must not be taken for it: only this one asks for outbound calls.
			await eventually('the first poll', () =>
				simulator.requests.find(({ query }) => query.call_direction === 'outbound'),
			);
			const call = simulator.addCall({
				end_time: plivoTime(Date.now()),
				call_direction: 'outbound',
			});
			const execution = await eventually(
				'an execution',
				async () => (await executionsOf(session, id)).find(({ status }) => status === 'success'),
				90,
			);
			const { data } = (await session('GET', `/executions/${execution.id}`)) as { data: string };
			expect(data).toContain(call.call_uuid);
		});

		it('stopping an execution ends a request that hangs', async () => {
			const { simulator } = stand;
			simulator.faults.add({ path: HANGING_TRUNK, faults: [{ kind: 'hang' }] });
			const { executionId } = (await session('POST', `/workflows/${sleeper.id}/run`, {
				workflowData: sleeper,
				triggerToStartFrom: { name: TRIGGER.name },
			})) as { executionId: string };
			const sent = () => simulator.requests.filter(({ path }) => path.includes(HANGING_TRUNK));
			await eventually('the request', () => (sent().length > 0 ? true : undefined));
			await session('POST', `/executions/${executionId}/stop`);
			await eventually('the end of the execution', async () =>
				(await executionsOf(session, sleeper.id)).find(({ status }) => status === 'canceled'),
			);
			const before = sent().length;
			// Not stopped, it would give up after a second and try again.
			await new Promise((fulfil) => setTimeout(fulfil, 5_000));
			expect(sent()).toHaveLength(before);
		});

		it("n8n's log has the node's lines and no secret", () => {
			const { authToken } = stand.simulator;
			expect(log.match(/Plivo SIP Trunking: [^{]+/)?.[0]).toContain('attempt 1 failed');
			expect(log.split('\n').filter((line) => line.includes(authToken))).toEqual([]);
		});
	});
});
