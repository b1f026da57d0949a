import type { IDataObject } from 'n8n-workflow';

import { PlivoFailure } from '../../../nodes/PlivoSipTrunking/failure.ts';
import { apply } from '../../../nodes/PlivoSipTrunking/provisioning/apply.ts';
import {
	type Desired,
	planFor,
	type Reference,
} from '../../../nodes/PlivoSipTrunking/provisioning/plan.ts';
import { begun, failed } from '../../../nodes/PlivoSipTrunking/provisioning/transaction.ts';
import { ORIGINATION_URI } from '../../../nodes/PlivoSipTrunking/records/originationUri.ts';
import { TRUNK } from '../../../nodes/PlivoSipTrunking/records/trunk.ts';
import { createPlivo } from '../../../simulator/plivo.mts';
import { randomFrom } from '../../../simulator/random.mts';
import { channelTo, stateOf } from './memory.mts';

const DOUBT = '10000000-0000-4000-8000-000000000000 is perhaps a second one.';

it.each([true, false])(
	'a plan that has written nothing names what is in doubt all the same: Roll Back %j',
	async (rollback) => {
		const channel = channelTo(createPlivo({ random: randomFrom(1) }));
		const transaction = begun(channel, { steps: [], warnings: [], objections: [] }, { rollback });
		transaction.doing = 'route phone number 14155550101';
		transaction.inDoubt.push(DOUBT);
		const failure = await failed(transaction, new PlivoFailure('refused', 'No', ''));
		expect(failure).toMatchObject({
			message: expect.stringContaining(DOUBT) as string,
			details: { left: expect.stringContaining(DOUBT) as string },
		});
	},
);

describe('a step that refers to a record without an ID', () => {
	const uri: Desired = {
		key: 'URI',
		kind: ORIGINATION_URI,
		names: ['Acme'],
		fields: { uri: 'acme.example.com' },
	};
	const trunk: Desired = {
		key: 'inbound trunk',
		kind: TRUNK,
		names: ['Acme inbound'],
		fields: { trunk_direction: 'inbound', primary_uri_uuid: { ref: 'primary URI' } },
	};
	const NUMBER = '14155550101';

	it.each<[string, string, Desired[], Reference[]]>([
		['creates nothing', 'primary URI', [uri, trunk], []],
		['leaves a number where it is', 'inbound trunk', [uri], [{ ref: 'inbound trunk' }]],
	])('%s, and what was created before is undone', async (_, missing, desired, targets) => {
		const plivo = createPlivo({ random: randomFrom(1) });
		const application = `/v1/Account/${plivo.authId}/Application/1/`;
		const number = plivo.add('numbers', { number: NUMBER, application });
		const before = stateOf(plivo);
		const routes = targets.map((to) => ({ number: number as IDataObject, to }));
		const plan = planFor(desired, new Map(), routes);
		await expect(apply(channelTo(plivo), plan, { rollback: true })).rejects.toMatchObject({
			message: expect.stringContaining(`: the ${missing} has no ID yet. Undone: `) as string,
		});
		expect(stateOf(plivo)).toEqual(before);
	});
});
