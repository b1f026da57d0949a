import { networkFailure } from '../../../nodes/PlivoSipTrunking/transport/messages.ts';

it('what kept a request from being sent is told without the secrets that it repeats', () => {
	const error = new Error('bad header "Bearer stk_abcdef123456", body {"password":"pass#1"}');
	const failure = networkFailure(error, undefined, 30_000, ['stk_abcdef123456', 'pass#1']);
	expect(failure.message).toBe(
		'The request could not be sent: bad header "Bearer ***", body {"password":"***"}',
	);
});
