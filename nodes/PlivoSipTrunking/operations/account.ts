import { readAccount } from '../records/account';
import { options } from './fields';
import { operation, resource } from './operation';

export const account = resource({ name: 'Account', value: 'account' }, 'get', [
	operation({
		name: 'Get',
		value: 'get',
		action: 'Get account',
		description: 'Retrieve the Plivo account: its credits, auto-recharge and billing mode',
		fields: [options],
		run: () => async (channel) => [await readAccount(channel)],
	}),
]);
