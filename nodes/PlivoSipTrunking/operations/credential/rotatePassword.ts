import { PlivoFailure } from '../../failure';
import { wholeNumber } from '../../input/number';
import { updateRecord } from '../../changes/update';
import { CREDENTIAL, generatePassword } from '../../records/credential';
import { credentialId, optionsWith } from '../fields';
import { operation } from '../operation';

/** Without its answer it isn't certain which password holds. */
function perhapsRotated(failure: unknown): never {
	if (!(failure instanceof PlivoFailure) || !failure.details.open) throw failure;
	throw new PlivoFailure(
		failure.kind,
		`${failure.message}. The old password may no longer work`,
		`Run Rotate Password again: it sets a new password and returns it. ${failure.description}`,
		failure.details,
	);
}

export const rotatePassword = operation({
	name: 'Rotate Password',
	value: 'rotatePassword',
	action: 'Rotate password of SIP credential',
	description: 'Set a new random password for a SIP credential. It is shown once.',
	fields: [
		credentialId,
		optionsWith({
			displayName: 'Length',
			name: 'length',
			type: 'number',
			typeOptions: { minValue: 5, maxValue: 20 },
			default: 20,
			description: 'Number of characters of the new password, 5 to 20',
		}),
	],
	run: (operation) => {
		const id = operation.id('credentialId', CREDENTIAL);
		const password = generatePassword(wholeNumber('Length', operation.options.length ?? 20, 5, 20));
		return async (channel) => {
			const rotated = updateRecord(channel, CREDENTIAL, id, { changesOf: () => ({ password }) });
			const { record } = await rotated.catch(perhapsRotated);
			return [{ ...record, password }];
		};
	},
});
