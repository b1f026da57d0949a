import { PlivoFailure } from '../../../nodes/PlivoSipTrunking/failure.ts';
import { begun, failed } from '../../../nodes/PlivoSipTrunking/provisioning/transaction.ts';
import { createPlivo } from '../../../simulator/plivo.mts';
import { randomFrom } from '../../../simulator/random.mts';
import { channelTo } from './memory.mts';

const DOUBT = '10000000-0000-4000-8000-000000000000 is perhaps a second one.';

it.each([true, false])(
	'a plan that has written nothing names what is in doubt all the same: Roll Back %j',
	async (rollback) => {
		const channel = channelTo(createPlivo({ random: randomFrom(1) }));
		const transaction = begun(channel, { steps: [], warnings: [] }, { rollback });
		transaction.doing = 'route phone number 14155550101';
		transaction.inDoubt.push(DOUBT);
		const failure = await failed(transaction, new PlivoFailure('refused', 'No', ''));
		expect(failure).toMatchObject({
			message: expect.stringContaining(DOUBT) as string,
			details: { left: expect.stringContaining(DOUBT) as string },
		});
	},
);
