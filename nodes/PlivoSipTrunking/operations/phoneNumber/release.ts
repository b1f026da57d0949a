import { checkedBoolean } from '../../input/boolean';
import { PHONE_NUMBER } from '../../records/phoneNumber';
import { releaseNumber } from '../../changes/remove';
import { optionsWith, phoneNumber } from '../fields';
import { operation } from '../operation';
import { withWarnings } from '../write';

export const release = operation({
	name: 'Release',
	value: 'release',
	// All that an AI agent is told of a tool; n8n's lint allows it no comma.
	action: 'Release phone number for good after asking a person',
	description:
		'Give a number back to Plivo. It is lost for good: its calls and messages end, and others can rent it. This cannot be undone, so an AI agent should ask first.',
	fields: [
		phoneNumber,
		optionsWith({
			displayName: 'Force',
			name: 'force',
			type: 'boolean',
			default: false,
			description:
				'Whether to release it even if its calls go to a trunk. Callers reach nobody from then on.',
		}),
	],
	run: (operation) => {
		const number = operation.id('phoneNumber', PHONE_NUMBER);
		const force = checkedBoolean('Force', operation.options.force ?? false);
		return async (channel) => {
			const { warnings } = await releaseNumber(channel, number, force);
			return [withWarnings({ released: true, number }, warnings)];
		};
	},
});
